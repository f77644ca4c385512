using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>What an endpoint was told, or is to be told, the youngest event first: found by its key.</summary>
internal sealed class ListWebhookDeliveries(TenantReader reader)
{
    private const string Sql =
        """
        select d.event_id as "EventId", e.kind as "Type", d.state as "State", d.attempts as "Attempts",
            d.replays as "Replays", d.last_status as "LastStatus", d.last_reason as "LastReason",
            d.last_ms as "LastMs", d.last_attempt_at as "LastAttemptAt",
            case when d.state = 'pending' then d.next_attempt_at end as "NextAttemptAt",
            d.delivered_at as "DeliveredAt", d.created_at as "CreatedAt"
        from unnest($3::text[]) as s (state)
        cross join lateral (
            select * from webhook_deliveries d
            where d.tenant_id = $1 and d.endpoint_id = $2
                -- A range of both, as ix_webhook_deliveries_state has them: no other index can be taken for as good.
                and (d.state, d.event_id) < (s.state, coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                and d.state >= s.state
            order by d.state desc, d.event_id desc
            limit $5
        ) d
        cross join lateral (
            select e.kind from webhook_events e where e.tenant_id = $1 and e.id = d.event_id limit 1
        ) e
        order by d.event_id desc
        limit $5
        """;

    public static IReadOnlyList<string> States { get; } = ["pending", "waiting", "delivered", "dead", "held"];

    public Task<IReadOnlyList<WebhookDeliveryRow>> RunAsync(
        TenantId tenant, Guid endpoint, string[]? states, Guid? after, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<WebhookDeliveryRow>(
            tenant,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Value)
                .With(endpoint)
                .With(states ?? [.. States])
                .With(after)
                .With(rows),
            cancellationToken);
}

/// <summary>One event on its way to one endpoint.</summary>
internal sealed record WebhookDeliveryRow
{
    public Guid EventId { get; init; }

    public string Type { get; init; } = "";

    public string State { get; init; } = "";

    public int Attempts { get; init; }

    public short Replays { get; init; }

    public short? LastStatus { get; init; }

    public string? LastReason { get; init; }

    public int? LastMs { get; init; }

    public DateTime? LastAttemptAt { get; init; }

    public DateTime? NextAttemptAt { get; init; }

    public DateTime? DeliveredAt { get; init; }

    public DateTime CreatedAt { get; init; }
}
