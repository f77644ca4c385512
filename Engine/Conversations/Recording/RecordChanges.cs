using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// Edits and revokes, applied to the messages that they change in the order in which they were made; one whose message
/// has not come yet is kept for it. Part of the transaction that records them.
/// </summary>
internal static class RecordChanges
{
    public static NpgsqlBatchCommand Command(List<RecordItem> changes) =>
        new NpgsqlBatchCommand("""
            select count(*) filter (where record_change(
                c.tenant_id, c.channel_id, c.target, c.kind, c.role, c.body, c.details, c.payload, c.sent_at))
            from (
                select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                    $8::text[], $9::timestamptz[]) with ordinality
                    as i (tenant_id, channel_id, target, kind, role, body, details, payload, sent_at, ord)
                order by i.sent_at, i.ord
            ) c
            """)
            .WithColumn(changes, i => i.Event.Tenant)
            .WithColumn(changes, i => i.Event.Channel)
            .WithColumn(changes, i => i.Event.RefersTo)
            .WithColumn(changes, i => i.Event.Type)
            .WithColumn(changes, i => i.Event.Kind == InboundKind.Echo ? "atendente" : "cliente")
            .WithColumn(changes, i => i.Event.Text)
            .WithColumn(changes, i => Details(i.Event))
            .WithColumn(changes, i => i.Event.Raw)
            .WithColumn(changes, i => i.Event.SentAt.UtcDateTime);

    /// <summary>As stored; null for none.</summary>
    public static string? Details(InboundEvent happened) => happened.Details is { Count: > 0 } details
        ? JsonSerializer.Serialize(details, InboundEventJson.Default.IReadOnlyListMessageDetail)
        : null;
}
