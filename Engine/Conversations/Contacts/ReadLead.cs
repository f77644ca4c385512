using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Contacts;

/// <summary>One lead, and what was said with its customer in whatever conversation.</summary>
internal sealed class ReadLead(TenantReader reader, TimeProvider time)
{
    private const string Messages =
        """
        select m.id as "Id", m.conversation_id as "ConversationId", m.role as "Role", m.kind as "Kind",
            m.body as "Text", m.created_at as "CreatedAt"
        from messages m
        where m.lead_id = $2 and m.tenant_id = $1
            and ($3::timestamptz is null or (m.created_at, m.id) < ($3, $4::uuid))
        order by m.created_at desc, m.id desc
        limit $5
        """;

    private static readonly TimeSpan Recent = TimeSpan.FromDays(30);
    private static readonly string Sql = EngineSql.Of<ReadLead>("read-lead.sql");

    /// <summary>Null when the tenant has no such lead.</summary>
    public Task<LeadDetail?> RunAsync(TenantId tenant, Guid lead, CancellationToken cancellationToken) =>
        reader.FindAsync<LeadDetail>(tenant, Query(tenant, lead, time.GetUtcNow()), cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<LeadMessage>> MessagesAsync(
        TenantId tenant, Guid lead, DateTime? beforeAt, Guid? beforeId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<LeadMessage>(
            tenant, MessagesQuery(tenant, lead, beforeAt, beforeId, rows), cancellationToken);

    internal static NpgsqlBatchCommand Query(TenantId tenant, Guid lead, DateTimeOffset now) =>
        new NpgsqlBatchCommand(Sql).With(tenant.Value).With(lead).With((now - Recent).UtcDateTime);

    internal static NpgsqlBatchCommand MessagesQuery(
        TenantId tenant, Guid lead, DateTime? beforeAt, Guid? beforeId, int rows) =>
        new NpgsqlBatchCommand(Messages)
            .With(tenant.Value).With(lead).With(beforeAt).With(beforeId).With(rows).OnlyGiven();
}

/// <summary>One message of a lead.</summary>
internal sealed record LeadMessage
{
    public Guid Id { get; init; }

    public Guid ConversationId { get; init; }

    /// <summary><c>cliente</c>, <c>atendente</c>, <c>bot</c> or <c>sistema</c>.</summary>
    public string Role { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Text { get; init; } = "";

    public DateTime CreatedAt { get; init; }
}
