using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Conversations.Answering;
using Vellarys.Conversations.Ownership;
using Vellarys.Intake.Unrouted;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>
/// The job behind "no message is lost": finds messages without an outcome after the grace time, redrives them, and
/// after the last redrive calls a person and writes the failure down.
/// </summary>
internal sealed class ReconcileTurns(
    NpgsqlDataSource database, ITenantDirectory tenants, RouteUnrouted route, CallForSilentPhone phone,
    TimeProvider time, ILogger<ReconcileTurns> logger) : IJob
{
    private const int MaxRedrives = 5;
    private const int PerRun = 500;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
    private static readonly string WatchSql = EngineSql.Of<ReconcileTurns>("reconcile-turns.sql");
    private static readonly string ChangesSql = EngineSql.Of<ReconcileTurns>("late-changes.sql");
    private static readonly string RedriveSql = EngineSql.Of<ReconcileTurns>("redrive-turns.sql");

    public JobSchedule Schedule => JobSchedules.WatchCustody;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ForEachTenant.RunAsync(
                await tenants.AllAsync(cancellationToken), logger, t => RunAsync(t, cancellationToken),
                cancellationToken);
        }
        finally
        {
            int routed = await route.RunAsync(cancellationToken);
            if (routed > 0) Log.UnroutedRouted(logger, routed);
        }
    }

    private async Task RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        int overdue = await RunAsync(tenant.Id, Grace, cancellationToken);
        if (overdue > 0) Log.CustodyOverdue(logger, tenant.Id, overdue);
        await phone.RunAsync(tenant, cancellationToken);
    }

    /// <summary>One tenant; returns how many turns were redriven.</summary>
    internal async Task<int> RunAsync(TenantId tenant, TimeSpan grace, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var watch = new NpgsqlBatch(connection, transaction);
        watch.BatchCommands.Add(TenantScope.For(tenant));
        watch.BatchCommands.Add(new NpgsqlBatchCommand(WatchSql).With(tenant.Value).With(grace));
        watch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select count(*) from custody_cases where tenant_id = $1 and next_redrive_at <= now()").With(tenant.Value));
        watch.BatchCommands.Add(new NpgsqlBatchCommand(ChangesSql).With(tenant.Value));
        int due = 0;
        await using (NpgsqlDataReader reader = await watch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken)) due = (int)Math.Min(reader.GetInt64(0), PerRun);
        }

        if (due > 0)
        {
            Guid[] ids = [.. Enumerable.Range(0, due).Select(_ => Ids.New(time))];
            await using var redrive = new NpgsqlBatch(connection, transaction);
            redrive.BatchCommands.Add(
                new NpgsqlBatchCommand(RedriveSql).With(tenant.Value).With(ids).With(MaxRedrives));
            redrive.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'ai-response')"));
            var hopeless = new List<(Guid Conversation, long Turn)>();
            await using (NpgsqlDataReader reader = await redrive.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (!await reader.IsDBNullAsync(0, cancellationToken))
                        hopeless.Add((reader.GetGuid(0), reader.GetInt64(1)));
                }
            }

            if (hopeless.Count > 0 && await tenants.FindAsync(tenant, cancellationToken) is { } owner)
            {
                await using var handOver = new NpgsqlBatch(connection, transaction);
                foreach ((Guid conversation, long turn) in hopeless)
                    handOver.BatchCommands.Add(HandOverTurn.Command(owner, conversation, turn, "never_answered", time));
                await handOver.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return due;
    }
}
