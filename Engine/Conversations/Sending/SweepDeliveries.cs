using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

/// <summary>Finds outbound messages that nothing moves any more and hands them to the queue again.</summary>
public sealed class SweepDeliveries(
    NpgsqlDataSource database, ITenantDirectory tenants, TimeProvider time, ILogger<SweepDeliveries> logger) : IJob
{
    private const int PerRun = 500;
    private static readonly TimeSpan StoodStill = TimeSpan.FromMinutes(5);
    private static readonly string Sql = EngineSql.Of<SweepDeliveries>("sweep-deliveries.sql");

    public JobSchedule Schedule => JobSchedules.SweepDeliveries;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.AllAsync(cancellationToken), logger,
        async tenant =>
        {
            int swept = await RunAsync(tenant.Id, StoodStill, cancellationToken);
            if (swept > 0) Log.DeliveriesSwept(logger, tenant.Id, swept);
        },
        cancellationToken);

    internal async Task<int> RunAsync(TenantId tenant, TimeSpan stoodStill, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. Enumerable.Range(0, PerRun).Select(_ => Ids.New(time))];
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        var sweep = new NpgsqlBatchCommand(Sql).With(tenant.Value).With(stoodStill).With(ids);
        batch.BatchCommands.Add(sweep);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)sweep.Rows;
    }
}
