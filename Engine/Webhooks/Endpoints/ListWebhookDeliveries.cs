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
            where d.tenant_id = $1 and d.endpoint_id = $2 and d.state = s.state
                and d.event_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            order by d.event_id desc
            limit $5
        ) d
        join webhook_events e on e.tenant_id = $1 and e.id = d.event_id
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
