using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Flows.Watch;

/// <summary>
/// The job behind "PostgreSQL is the truth of a flow": whatever hint was lost, the row says what should be running, and
/// it is restarted from there. What cannot be restarted is reported with its age and reason.
/// </summary>
internal sealed class WatchFlows(
    NpgsqlDataSource database, ITenantDirectory tenants, FindStuckFlows find, ILogger<WatchFlows> logger) : IJob
{
    /// <summary>After these it is left to a person.</summary>
    public const int MaxRestarts = 10;

    private static readonly string Sql = EngineSql.Of<WatchFlows>("restart-flows.sql");

    public JobSchedule Schedule => JobSchedules.WatchFlows;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.AllAsync(cancellationToken), logger, t => RunAsync(t, cancellationToken), cancellationToken);

    private async Task RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, Standstill> kind in
            (await find.RunAsync(tenant, FindStuckFlows.Grace, cancellationToken)).GroupBy(f => f.Kind))
        {
            Log.StandStill(logger, tenant.Id, kind.Key, kind.Count(), kind.Max(f => f.AgeSeconds));
        }

        int restarted = await RunAsync(tenant.Id, FindStuckFlows.Grace, cancellationToken);
        if (restarted > 0) Log.Restarted(logger, tenant.Id, restarted);
    }

    /// <summary>One tenant; returns how many flows were restarted.</summary>
    internal async Task<int> RunAsync(TenantId tenant, TimeSpan grace, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Sql).With(tenant.Value).With(grace).With(MaxRestarts));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (int)reader.GetInt64(0);
    }
}
