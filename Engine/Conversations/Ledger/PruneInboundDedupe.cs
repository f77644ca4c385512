using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>
/// Deletes receipts that are older than <see cref="InboundDedupeOptions.Keep"/>, of suspended tenants too, in portions
/// that commit one by one. What is still open stays, however old, so the books never lose what they owe. A copy of an
/// event that a provider delivers later than that finds no receipt and is recorded and answered as a new message:
/// providers give up long before.
/// Messages, turns and deliveries are business data and stay; dead letters wait for a person.
/// </summary>
internal sealed class PruneInboundDedupe(
    NpgsqlDataSource database, ITenantDirectory tenants, InboundDedupeOptions options,
    ILogger<PruneInboundDedupe> logger) : IJob
{
    // What is left over after so many portions is left to the next run.
    private const int MostBatches = 1_000;
    private static readonly string Sql = EngineSql.Of<PruneInboundDedupe>("prune-inbound-dedupe.sql");

    public JobSchedule Schedule => JobSchedules.PruneReceipts;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.EveryIdAsync(cancellationToken), logger,
        async tenant =>
        {
            long pruned = await RunAsync(tenant, cancellationToken);
            if (pruned > 0) Log.ReceiptsPruned(logger, tenant, pruned);
        },
        cancellationToken);

    /// <summary>One tenant; returns how many were deleted.</summary>
    internal async Task<long> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        long pruned = 0;
        for (int batch = 0; batch < MostBatches; batch++)
        {
            int deleted = await DeleteAsync(tenant, cancellationToken);
            pruned += deleted;
            if (deleted < options.Batch) break;
        }

        await ForgetCallsAsync(tenant, cancellationToken);
        return pruned;
    }

    // What the API remembers of calls goes with the receipts: both are there to know a copy.
    private async Task ForgetCallsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select prune_idempotency_keys($1)").With(tenant.Value));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> DeleteAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        var delete = new NpgsqlBatchCommand(Sql).With(tenant.Value).With(options.Keep).With(options.Batch)
            .With(LedgerOutcome.Closing.ToArray());
        batch.BatchCommands.Add(delete);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)delete.RecordsAffected;
    }
}
