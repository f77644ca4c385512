-- Makes the deliveries of an event, one for each endpoint that wants it, and a message for each that can be called;
-- once, however often it is asked for. Returns the endpoints where it waits behind others.
-- $1 tenant, $2 event
with wanting as materialized (
    select p.id, p.status = 'active' as is_active,
        p.trial is not null or exists (
            select from webhook_deliveries d
            where d.tenant_id = $1 and d.endpoint_id = p.id and d.state = 'waiting') as has_line
    from webhook_events e
    join webhook_endpoints p on p.tenant_id = $1 and e.kind = any (p.events)
    where e.tenant_id = $1 and e.id = $2
    order by p.id
    -- One that is being removed meanwhile hears nothing more: a delivery of it would have no endpoint.
    for key share of p
),
made as materialized (
    insert into webhook_deliveries (tenant_id, endpoint_id, event_id, state)
    select $1, w.id, $2,
        case when not w.is_active then 'held' when w.has_line then 'waiting' else 'pending' end
    from wanting w
    on conflict (tenant_id, endpoint_id, event_id) do nothing
    returning endpoint_id, state
),
queued as materialized (
    select enqueue(new_id(), 'webhook-delivery', $1, $2::text, webhook_due($1, $2, m.endpoint_id))
    from made m
    where m.state = 'pending'
),
woken as materialized (
    select pg_notify('vellarys_queue', 'webhook-delivery')
    from (select from made m where m.state = 'pending' limit 1) q
)
-- Each is counted: what nobody reads is not carried out.
select array(select m.endpoint_id from made m where m.state = 'waiting'), (select count(*) from queued),
    (select count(*) from woken)
