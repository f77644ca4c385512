using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign;

/// <summary>
/// Finds campaigns that run and that nobody looks after, and scheduled messages whose time passed unnoticed: what the
/// queue lost is handed to it again.
/// </summary>
internal sealed class WatchCampaigns(
    NpgsqlDataSource database, ITenantDirectory tenants, ILogger<WatchCampaigns> logger) : IJob
{
    private static readonly string Sql = EngineSql.Of<WatchCampaigns>("watch-campaigns.sql");

    public JobSchedule Schedule => JobSchedules.WatchCampaigns;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.AllAsync(cancellationToken), logger,
        async tenant =>
        {
            int restarted = await RunAsync(tenant.Id, cancellationToken);
            if (restarted > 0) Log.Restarted(logger, tenant.Id, restarted);
        },
        cancellationToken);

    internal async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (int)reader.GetInt64(0);
    }
}
