-- Hands the queue what waits for an endpoint, the oldest first: as many as it may have at once, less what the queue has
-- already. Of one that does not answer, one event, unless that is under way. $1 tenant, $2 endpoint, $3 how many it may
-- have at once, $4 only when the queue has none: then no call will come back that asks for more
with endpoint as materialized (
    select p.id, p.trial
    from webhook_endpoints p
    where p.tenant_id = $1 and p.id = $2 and p.status = 'active'
    for no key update
),
busy as materialized (
    select count(*) as calls
    from (
        select from webhook_deliveries d
        where d.tenant_id = $1 and d.endpoint_id = $2 and d.state = 'pending'
            and (d.next_attempt_at is null or d.next_attempt_at <= now())
        limit $3::int) d
),
room as materialized (
    select case
        when p.trial is null then case when $4 and b.calls > 0 then 0 else $3::int - b.calls end
        when t.event_id is null then 1
        -- One event that is refused for what it says must not hold up the next.
        when t.next_attempt_at > now() and t.last_attempt_at < now() - interval '5 seconds' and 1 = (
            select count(*)
            from (
                select from webhook_deliveries d
                where d.tenant_id = $1 and d.endpoint_id = $2 and d.state = 'waiting'
                limit 2) d) then 1
        else 0
    end as calls
    from endpoint p
    cross join busy b
    left join webhook_deliveries t on t.tenant_id = $1 and t.endpoint_id = $2 and t.event_id = p.trial
        and t.state = 'pending'
),
next as materialized (
    select d.event_id
    from webhook_deliveries d
    where d.tenant_id = $1 and d.endpoint_id = $2
        -- A range of it, so that no index of the ids alone can be taken for as good.
        and d.state >= 'waiting' and d.state <= 'waiting'
    order by d.state, d.event_id
    limit coalesce((select r.calls from room r), 0)
    for no key update skip locked
),
released as materialized (
    update webhook_deliveries d set state = 'pending', round = d.round + 1, next_attempt_at = null
    from next n
    where d.tenant_id = $1 and d.endpoint_id = $2 and d.event_id = n.event_id
    returning d.event_id, d.round
),
tried as (
    update webhook_endpoints p set trial = (select r.event_id from released r limit 1)
    from endpoint e
    where p.tenant_id = $1 and p.id = e.id and e.trial is not null and (select r.calls from room r) = 1
),
queued as materialized (
    select enqueue(new_id(), 'webhook-delivery', $1, r.event_id::text, webhook_due($1, r.event_id, $2, r.round))
    from released r
),
woken as materialized (
    select pg_notify('vellarys_queue', 'webhook-delivery') from (select from released limit 1) q
)
select (select count(*) from queued), (select count(*) from woken)
