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
                c.tenant_id, c.channel_id, c.target, c.kind, c.role, array_remove(array[c.first, c.second], null),
                c.body, c.details, c.payload, c.sent_at))
            from (
                select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                    $8::text[], $9::timestamptz[], $10::text[], $11::text[]) with ordinality
                    as i (tenant_id, channel_id, target, kind, role, body, details, payload, sent_at, first, second,
                        ord)
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
            .WithColumn(changes, i => i.Event.SentAt.UtcDateTime)
            .WithColumn(changes, i => Writer(i, 0))
            .WithColumn(changes, i => Writer(i, 1));

    /// <summary>
    /// What the customer who changes it is known by; null for what is changed on the company's phone.
    /// </summary>
    private static string? Writer(RecordItem change, int place) =>
        change.Event.Kind != InboundKind.Echo && change.Event.Identities.Count > place
            ? change.Event.Identities[place].Value
            : null;

    /// <summary>As stored; null for none.</summary>
    public static string? Details(InboundEvent happened) => happened.Details is { Count: > 0 } details
        ? JsonSerializer.Serialize(details, InboundEventJson.Default.IReadOnlyListMessageDetail)
        : null;
}
