using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Watch;

/// <summary>One flow with everything that happened to it.</summary>
internal sealed class ReadFlow(TenantReader reader)
{
    private const string One =
        """
        select f.id as "Id", f.name as "Name", f.conversation_id as "ConversationId", f.version as "Version",
            f.outcome as "Outcome", f.fault as "Fault", f.faults::int as "Faults", f.restarts::int as "Restarts",
            f.wake_at as "WakeAt", f.created_at as "CreatedAt", f.advanced_at as "AdvancedAt", f.ended_at as "EndedAt"
        from flows f
        where f.tenant_id = $1 and f.id = $2
        """;

    // What customers wrote stays where it belongs: the history names events, it does not repeat them.
    private const string Events =
        """
        select e.id as "Id", e.body ->> 'kind' as "Kind", e.happened_at as "HappenedAt", e.version as "Version",
            e.state as "State", e.commands as "Commands"
        from flow_events e
        where e.tenant_id = $1 and e.flow_id = $2
        order by e.seq desc
        limit 1000
        """;

    /// <summary>Null when there is none.</summary>
    public async Task<FlowHistory?> RunAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        FlowListRow? row = await reader.FindAsync<FlowListRow>(
            tenant, new NpgsqlBatchCommand(One).With(tenant.Value).With(flow.Value), cancellationToken);
        if (row is null) return null;
        return new FlowHistory(row, await reader.QueryAsync<FlowHistoryRow>(
            tenant, new NpgsqlBatchCommand(Events).With(tenant.Value).With(flow.Value), cancellationToken));
    }
}

/// <summary>A flow and its history: the last thousand events, the latest first.</summary>
internal sealed record FlowHistory(FlowListRow Flow, IReadOnlyList<FlowHistoryRow> History);

/// <summary>One event and what it led to.</summary>
internal sealed record FlowHistoryRow
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public DateTime HappenedAt { get; init; }

    /// <summary>The advance that applied it; null while it waits.</summary>
    public int? Version { get; init; }

    public string? State { get; init; }

    public string[] Commands { get; init; } = [];
}
