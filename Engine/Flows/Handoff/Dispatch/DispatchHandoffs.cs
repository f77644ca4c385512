using System.Text.Json;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Dispatch;

/// <summary>
/// Brings the queue and the people together, one tenant at a time and one dispatcher at a time: an offer names the
/// person in the conversation, which is also what counts as their load. The flow hears of it like of any change of
/// owner.
/// </summary>
internal sealed class DispatchHandoffs : IFlowTask
{
    private const int MaxRequests = 5_000;
    private const int MaxWakeUps = 512;
    private static readonly string RequestsSql = EngineSql.Of<DispatchHandoffs>("dispatch-requests.sql");
    private static readonly string AgentsSql = EngineSql.Of<DispatchHandoffs>("dispatch-agents.sql");
    private static readonly string OfferSql = EngineSql.Of<DispatchHandoffs>("dispatch-offers.sql");

    private readonly Batcher<TenantId, int> _wakeUps;
    private readonly NpgsqlDataSource _database;
    private readonly ITenantDirectory _tenants;
    private readonly TimeProvider _time;

    public DispatchHandoffs(NpgsqlDataSource database, ITenantDirectory tenants, TimeProvider time)
    {
        // Wake-ups that come while a dispatch is on share the next one: they would only wait for each other's lock.
        _wakeUps = new Batcher<TenantId, int>(MaxWakeUps, 1, RunAsync, TransientErrors.HitsEveryItem);
        (_database, _tenants, _time) = (database, tenants, time);
    }

    public string Name => "dispatch";

    /// <summary>Also written by statements that change who is there.</summary>
    public static QueueMessage WakeUp(Guid id, TenantId tenant) =>
        new(Queues.FlowEvents, id, $$"""{"v":1,"tenant":"{{tenant}}","errand":"dispatch"}""")
        {
            Tenant = tenant, Subject = "dispatch", Priority = QueuePriority.Urgent,
        };

    public Task RunAsync(TenantId tenant, string? argument, CancellationToken cancellationToken) =>
        _wakeUps.AddAsync(tenant);

    /// <summary>Returns how many offers were made.</summary>
    public async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (await _tenants.FindAsync(tenant, cancellationToken) is not { } policy) return 0;
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        (List<HandoffRequest> queue, List<AvailableAgent> agents) =
            await LoadAsync(connection, tenant, policy, cancellationToken);
        if (queue.Count == 0) return 0;

        DateTimeOffset now = _time.GetUtcNow();
        IReadOnlyList<Pick> picks = Assignment.Match(queue, agents, now);
        HashSet<Guid> picked = [.. picks.Select(p => p.Request.Flow)];
        List<(HandoffRequest Request, int Place)> left =
        [
            .. queue.Where(r => !picked.Contains(r.Flow)).Select((r, i) => (r, i + 1)).Where(r => !r.r.ToldBusy),
        ];
        if (picks.Count == 0 && left.Count == 0) return 0;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OfferSql)
            .With(tenant.Value)
            .WithColumn(picks, p => p.Request.Flow)
            .WithColumn(picks, p => p.Request.Conversation)
            .WithColumn(picks, p => p.Agent)
            .WithColumn(left, l => l.Request.Flow)
            .WithColumn(left, l => l.Place)
            .WithColumn(left, l => Assignment.Suitable(l.Request, agents, now))
            .WithColumn(left, l => l.Request.Supervisor)
            .With(now.UtcDateTime));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return picks.Count;
    }

    private async Task<IReadOnlyList<int>> RunAsync(IReadOnlyList<TenantId> wakeUps)
    {
        foreach (TenantId tenant in wakeUps.Distinct()) await RunAsync(tenant, CancellationToken.None);
        return new int[wakeUps.Count];
    }

    private static async Task<(List<HandoffRequest> Queue, List<AvailableAgent> Agents)> LoadAsync(
        NpgsqlConnection connection, TenantId tenant, Tenant policy, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select pg_advisory_xact_lock(hashtextextended('handoff:' || $1::text, 0))").With(tenant.Value));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(RequestsSql).With(tenant.Value).With(MaxRequests));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AgentsSql).With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var queue = new List<HandoffRequest>();
        while (await reader.ReadAsync(cancellationToken)) queue.Add(ReadRequest(reader));
        await reader.NextResultAsync(cancellationToken);
        var agents = new List<AvailableAgent>();
        while (await reader.ReadAsync(cancellationToken)) agents.Add(ReadAgent(reader, policy));
        return (queue, agents);
    }

    private static HandoffRequest ReadRequest(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2),
        row.IsDBNull(3) ? null : row.GetGuid(3),
        row.IsDBNull(4) ? null : row.GetString(4), row.GetBoolean(5), row.GetFieldValue<Guid[]>(6), row.GetBoolean(7));

    private static AvailableAgent ReadAgent(NpgsqlDataReader row, Tenant policy) => new(
        row.GetGuid(0), row.GetString(1) == "supervisor", row.GetInt16(2), (int)row.GetInt64(3),
        row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<string[]>(5), row.GetFieldValue<Guid[]>(6),
        policy.WorkingHoursOf(row.IsDBNull(7) ? null : row.GetString(7)));
}
