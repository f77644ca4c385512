using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Upkeep;

/// <summary>
/// Deletes events and their deliveries that are older than <see cref="WebhookOptions.Keep"/>, in portions.
/// </summary>
internal sealed class PruneWebhooks(
    NpgsqlDataSource database, ITenantDirectory tenants, WebhookOptions options, ILogger<PruneWebhooks> logger) : IJob
{
    private const int Portion = 1_000;
    private static readonly string Sql = EngineSql.Of<PruneWebhooks>("prune-webhooks.sql");

    public JobSchedule Schedule => JobSchedules.PruneWebhooks;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.EveryIdAsync(cancellationToken), logger,
        tenant => RunAsync(tenant, cancellationToken), cancellationToken);

    private async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(Sql).With(tenant.Value).With(options.Keep).With(Portion));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            deleted = (int)batch.BatchCommands[1].RecordsAffected;
        }
        while (deleted == Portion);
    }
}
