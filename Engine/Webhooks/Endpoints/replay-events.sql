-- Queues events for an endpoint once more, also those that wait for their next attempt; not those that wait for their
-- first. $1 tenant, $2 endpoint, $3 the only event, or null, $4 since when, $5 also
-- those that were taken, $6 how many
with endpoint as materialized (
    select p.id, p.events, p.status = 'active' as active
    from webhook_endpoints p
    where p.tenant_id = $1 and p.id = $2
    for key share
),
found as materialized (
    select e.id, e.happened_at
    from endpoint p
    join webhook_events e on e.tenant_id = $1 and e.kind = any (p.events)
        and ($3::uuid is null or e.id = $3) and ($4::timestamptz is null or e.happened_at >= $4)
    left join webhook_deliveries d on d.tenant_id = $1 and d.endpoint_id = p.id and d.event_id = e.id
    where p.active and (d.state is null or d.state in ('dead', 'held') or d.state = 'delivered' and $5
        or d.state = 'pending' and d.attempts > 0)
    order by e.happened_at, e.id
    limit $6
),
due as materialized (
    insert into webhook_deliveries as d (tenant_id, endpoint_id, event_id)
    select $1, $2, f.id from found f
    on conflict (tenant_id, endpoint_id, event_id) do update set
        state = 'pending', attempts = 0, round = d.round + 1, next_attempt_at = null
    returning event_id, round
),
queued as materialized (
    select enqueue(new_id(), 'webhook-delivery', $1, u.event_id::text, webhook_due($1, u.event_id, $2, u.round))
    from due u
),
woken as materialized (
    select pg_notify('vellarys_queue', 'webhook-delivery') from (select from due limit 1) u
)
select p.active, (select count(*) from found), (select count(*) from queued),
    (select max(f.happened_at) from found f),
    exists (select from webhook_events e where e.tenant_id = $1 and e.id = $3 and e.kind = any (p.events)),
    (select count(*) from woken)
from endpoint p
