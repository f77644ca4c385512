using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Flows.Reengagement;

/// <summary>
/// Finds customers who went silent after the bot answered them, and starts a flow for each. Reads the index
/// <c>ix_leads_reengagement</c>, so it costs what it finds.
/// </summary>
internal sealed class ScanReengagement(
    NpgsqlDataSource database, ITenantDirectory tenants, TimeProvider time, ILogger<ScanReengagement> logger) : IJob
{
    private const int PerRun = 500;

    // Whoever has been silent for longer when a tenant switches this on is left alone.
    private static readonly TimeSpan TooLate = TimeSpan.FromDays(2);
    private static readonly string Sql = EngineSql.Of<ScanReengagement>("scan-reengagement.sql");

    public JobSchedule Schedule => JobSchedules.ScanReengagement;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.AllAsync(cancellationToken), logger,
        async tenant =>
        {
            int found = await RunAsync(tenant, cancellationToken);
            if (found > 0) Log.WentSilent(logger, tenant.Id, found);
        },
        cancellationToken);

    /// <summary>One tenant; returns how many flows were started.</summary>
    internal async Task<int> RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        ReengagementSettings settings = tenant.Settings.Reengagement;
        if (!settings.Enabled || settings.Stages.Count == 0) return 0;
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan first = TimeSpan.FromMinutes(settings.Stages[0].AfterMinutes);
        // The flow plans its first stage itself: a scan that is early costs nothing, one that is late costs minutes.
        DateTimeOffset until = now - first + 2 * Schedule.Every;
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant.Id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Id.Value)
            .With((until - first - TooLate).UtcDateTime)
            .With(until.UtcDateTime)
            .With(settings.MaxPerMonth)
            .With(PerRun));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (int)reader.GetInt64(0);
    }
}
