-- One portion of the events that are too old to be replayed, with what they led to. $1 tenant, $2 how long, $3 how many
with old as materialized (
    select e.id
    from webhook_events e
    where e.tenant_id = $1 and e.id < id_floor(now() - $2::interval)
        -- What is still tried, however late, is kept: for as long again at the most.
        and (e.id < id_floor(now() - 2 * $2::interval) or not exists (
            select from webhook_endpoints p
            join webhook_deliveries d on d.tenant_id = $1 and d.endpoint_id = p.id and d.event_id = e.id
            where p.tenant_id = $1 and d.state in ('pending', 'waiting')))
    order by e.id
    limit $3
),
told as (
    delete from webhook_deliveries d
    using webhook_endpoints p, old o
    where p.tenant_id = $1 and d.tenant_id = $1 and d.endpoint_id = p.id and d.event_id = o.id
)
delete from webhook_events e using old o where e.tenant_id = $1 and e.id = o.id
