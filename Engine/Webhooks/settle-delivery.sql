-- Writes down what a call led to. An endpoint's row is touched only while it fails, or when it recovers. One that does
-- not answer for long, that failed twenty times on end, or behind which others wait already, is tried with one event,
-- each time another, while all others wait.
-- $1 tenant, $2 event, $3 endpoint, $4 state, $5 status, $6 reason, $7 milliseconds, $8 pause before the next call,
-- $9 after how long staff is told, $10 after how long the endpoint is disabled, $11 round, $12 pause between the calls
-- of one that does not answer, $13 after how long it counts as one, $14 how long an event is tried at least
with endpoint as materialized (
    select p.id, p.url, p.told_failing, p.status, p.trial, p.failing_since,
        coalesce(p.failing_since, now()) as since, p.failures + 1 as failures
    from webhook_endpoints p
    where p.tenant_id = $1 and p.id = $3
        and ($4 <> 'delivered' or p.failing_since is not null or p.trial is not null)
    for no key update
),
judged as materialized (
    select e.*, e.since < now() - $9::interval as is_long,
        e.status = 'active' and e.failures >= 20 and e.since < now() - $10::interval as gives_up,
        e.trial is not null or e.failures >= 20 or e.since < now() - $13::interval or exists (
            select from webhook_deliveries d
            where d.tenant_id = $1 and d.endpoint_id = $3 and d.state = 'waiting') as is_down,
        coalesce(e.trial = $2, true) as is_trial,
        case when e.since < now() - $13::interval then $12::interval
            else least(coalesce($8::interval, $12::interval), $12::interval) end as pause
    from endpoint e
    where $4 <> 'delivered'
),
verdict as materialized (
    select d.event_id,
        case
            when $4 = 'delivered' then 'delivered'
            when j.gives_up then 'held'
            -- However often it was tried: no event is given up before its time.
            when $4 = 'dead' and d.tried_since <= now() - $14::interval then 'dead'
            when j.is_down and (not j.is_trial or n.event_id is not null) then 'waiting'
            else 'pending'
        end as state,
        n.event_id as next,
        case when j.is_down then j.pause else $8::interval end as pause
    from webhook_deliveries d
    left join judged j on true
    left join lateral (
        -- Another one each time: one that is refused for what it says must not stand in for the endpoint.
        select w.event_id
        from (
            (select w.event_id
            from webhook_deliveries w
            where w.tenant_id = $1 and w.endpoint_id = $3 and (w.state, w.event_id) > ('waiting', $2)
                and w.state <= 'waiting'
            order by w.state, w.event_id
            limit 1)
            union all
            (select w.event_id
            from webhook_deliveries w
            where w.tenant_id = $1 and w.endpoint_id = $3 and w.state >= 'waiting' and w.state <= 'waiting'
            order by w.state, w.event_id
            limit 1)
        ) w
        where j.is_down and j.is_trial and not j.gives_up
        limit 1
    ) n on true
    where d.tenant_id = $1 and d.event_id = $2 and d.endpoint_id = $3 and d.round = $11 and d.state = 'pending'
),
settled as (
    update webhook_deliveries d set
        state = v.state, attempts = d.attempts + 1, last_status = $5::smallint, last_reason = $6, last_ms = $7,
        last_attempt_at = now(),
        next_attempt_at = case when v.state = 'pending' then now() + v.pause end,
        round = case when v.state = 'waiting' then d.round + 1 else d.round end,
        delivered_at = case when $4 = 'delivered' then now() end
    from verdict v
    where d.tenant_id = $1 and d.event_id = $2 and d.endpoint_id = $3
),
-- It answers again: what failed meanwhile and would wait for long does not.
woken as (
    update webhook_deliveries d set state = 'waiting', round = d.round + 1, next_attempt_at = null
    from endpoint e
    where $4 = 'delivered' and d.tenant_id = $1 and d.endpoint_id = $3 and d.state = 'pending' and d.event_id <> $2
        and e.failing_since < now() - interval '30 seconds' and d.last_attempt_at >= e.failing_since
        -- Not what alone it refused.
        and e.failures - 1 > d.attempts
        and d.next_attempt_at > now() + interval '15 seconds'
    returning d.event_id
),
tried as materialized (
    update webhook_deliveries d set state = 'pending', round = d.round + 1, next_attempt_at = now() + v.pause
    from verdict v
    where d.tenant_id = $1 and d.endpoint_id = $3 and d.event_id = v.next
    returning d.event_id, d.round, v.pause
),
queued as materialized (
    select enqueue(
        new_id(), 'webhook-delivery', $1, t.event_id::text, webhook_due($1, t.event_id, $3, t.round),
        due_at => now() + t.pause)
    from tried t
),
marked as (
    update webhook_endpoints p set
        failing_since = j.since, failures = j.failures, told_failing = p.told_failing or j.is_long,
        trial = case when j.gives_up or not j.is_down then null when j.is_trial then coalesce(v.next, $2)
            else p.trial end,
        status = case when j.gives_up then 'disabled' else p.status end,
        disabled_by = case when j.gives_up then 'failures' else p.disabled_by end,
        disabled_at = case when j.gives_up then now() else p.disabled_at end
    from judged j
    left join verdict v on true
    where p.tenant_id = $1 and p.id = j.id
),
recovered as (
    update webhook_endpoints p set failing_since = null, failures = 0, told_failing = false, trial = null
    from endpoint e
    where p.tenant_id = $1 and p.id = e.id and $4 = 'delivered'
)
select (select v.state from verdict v), (select v.pause from verdict v),
    case when j.gives_up then 'webhook_disabled' when j.is_long and not j.told_failing then 'webhook_failing' end,
    j.url,
    $4 = 'delivered' and (exists (select from woken) or exists (
        select from webhook_deliveries d
        where d.tenant_id = $1 and d.endpoint_id = $3 and d.state = 'waiting')),
    (select count(*) from queued)
from (select) one
left join judged j on true
