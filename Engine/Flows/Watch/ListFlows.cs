using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Watch;

/// <summary>The flows of a tenant, the youngest first.</summary>
internal sealed class ListFlows(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListFlows>("list-flows.sql");

    public Task<IReadOnlyList<FlowListRow>> RunAsync(
        TenantId tenant, FlowFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<FlowListRow>(
            tenant,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Value)
                .With(filter.Name)
                .With(filter.State)
                .With(filter.Conversation)
                .With(filter.AfterAt)
                .With(filter.AfterId)
                .With(filter.Rows)
                .OnlyGiven(),
            cancellationToken);
}

/// <summary>Which flows are wanted.</summary>
/// <param name="State"><c>running</c>, <c>ended</c>, <c>faulty</c>; null for all.</param>
internal sealed record FlowFilter(
    string? Name, string? State, Guid? Conversation, DateTime? AfterAt, Guid? AfterId, int Rows);

/// <summary>One flow in a list.</summary>
internal sealed record FlowListRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public Guid ConversationId { get; init; }

    public int Version { get; init; }

    public string? Outcome { get; init; }

    public string? Fault { get; init; }

    public int Faults { get; init; }

    public int Restarts { get; init; }

    /// <summary>When it wants to be woken; null when it waits for something to happen.</summary>
    public DateTime? WakeAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime AdvancedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    /// <summary>Null where the host has no runner of its own.</summary>
    public FlowInstanceRow? Instance { get; init; }
}
