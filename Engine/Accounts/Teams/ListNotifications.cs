using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>What an agent was told, the latest first.</summary>
internal sealed class ListNotifications(TenantReader reader)
{
    private const string Agents =
        """
        select n.id as "Id", n.kind as "Kind", n.flow_id as "FlowId", n.conversation_id as "ConversationId",
            n.body::text as "StoredBody", n.read as "Read", n.created_at as "CreatedAt"
        from notifications n
        where n.tenant_id = $1 and n.agent_id = $2
        """;

    private const string Page =
        """

            and ($3::timestamptz is null or (n.created_at, n.id) < ($3, $4::uuid))
        order by n.created_at desc, n.id desc
        limit $5
        """;

    private const string All = Agents + Page;
    private const string Read = Agents + " and n.read" + Page;

    // Spelt out: a parameter would not show that the index of the few that are unread (ix_notifications_unread) will
    // do.
    internal const string Unread = Agents + " and n.read = false" + Page;

    /// <param name="unread">Null: both.</param>
    /// <param name="after">With <paramref name="afterId"/> the last row of the page before.</param>
    public Task<IReadOnlyList<NotificationRow>> RunAsync(
        TenantId tenant, Guid agent, bool? unread, DateTime? after, Guid? afterId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<NotificationRow>(
            tenant,
            new NpgsqlBatchCommand(unread switch { true => Unread, false => Read, null => All })
                .With(tenant.Value).With(agent).With(after).With(afterId).With(rows),
            cancellationToken);
}

/// <summary>One thing that an agent was told.</summary>
internal sealed record NotificationRow
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public Guid? FlowId { get; init; }

    public Guid? ConversationId { get; init; }

    [JsonIgnore]
    public string StoredBody { get; init; } = "{}";

    public JsonElement Body => JsonElement.Parse(StoredBody);

    public bool Read { get; init; }

    public DateTime CreatedAt { get; init; }
}
