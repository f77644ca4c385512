using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>The customers who wait for a person, in the order in which they are served.</summary>
internal sealed class ListWaiting(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListWaiting>("list-waiting.sql");

    public Task<IReadOnlyList<WaitingRow>> RunAsync(
        TenantId tenant, int limit, CancellationToken cancellationToken) =>
        reader.QueryAsync<WaitingRow>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With(limit), cancellationToken);
}

/// <summary>One customer who waits.</summary>
internal sealed record WaitingRow
{
    public Guid ConversationId { get; init; }

    public Guid? FlowId { get; init; }

    public string ContactName { get; init; } = "";

    public string? Reason { get; init; }

    public string Qualification { get; init; } = "";

    /// <summary>Who is asked right now; null while nobody is.</summary>
    public Guid? OfferedTo { get; init; }

    public string? OfferedToName { get; init; }

    public Guid? TeamId { get; init; }

    public DateTime WaitingSince { get; init; }
}
