-- Puts events into an endpoint's line once more, also those that wait for their next attempt; what waits for its first
-- comes anyway. A portion of those after a cursor, found by their keys: what was told by what became of it, and what is
-- older than the endpoint's interest in it by looking at so many events.
-- $1 tenant, $2 endpoint, $3 the only event, or null, $4 since when, $5 also those that were taken, $6 how many,
-- $7 the last event of the portion before, or null, $8 how many events to look at
with endpoint as materialized (
    select p.id, p.events, p.status = 'active' as active, p.hears_since,
        greatest($7::uuid, id_floor(coalesce($4, 'epoch') - interval '1 second')) as after,
        case when $5 then 'ffffffff-ffff-ffff-ffff-ffffffffffff'
            else id_floor(p.hears_since + interval '1 second') end as looked_until
    from webhook_endpoints p
    where p.tenant_id = $1 and p.id = $2
    for no key update
),
looked as materialized (
    select e.id, e.kind, e.happened_at
    from webhook_events e
    where $3::uuid is null and e.tenant_id = $1 and e.id > (select p.after from endpoint p)
        and e.id < (select p.looked_until from endpoint p)
    order by e.id
    limit $8
),
is_full as materialized (select count(*) = $8 as yes, max(l.id::text)::uuid as last from looked l),
candidates as (
    select l.id, l.kind, l.happened_at from looked l
    union all
    select e.id, e.kind, e.happened_at from webhook_events e where e.tenant_id = $1 and e.id = $3
    union all
    select e.id, e.kind, e.happened_at
    from rows from (unnest(array['pending', 'dead', 'held'])) as s (state)
    cross join lateral (
        select d.event_id
        from webhook_deliveries d
        where $3::uuid is null and not (select f.yes from is_full f) and d.tenant_id = $1 and d.endpoint_id = $2
            -- A range of both, as ix_webhook_deliveries_state has them: no other index can be taken for as good.
            and (d.state, d.event_id)
                > (s.state, (select greatest(p.after, (select f.last from is_full f)) from endpoint p))
            and d.state <= s.state
        order by d.state, d.event_id
        limit $6
    ) d
    cross join lateral (
        select e.id, e.kind, e.happened_at from webhook_events e where e.tenant_id = $1 and e.id = d.event_id limit 1
    ) e
),
found as materialized (
    select c.id
    from candidates c
    join endpoint p on p.active and c.kind = any (p.events)
    left join lateral (
        select d.state, d.attempts from webhook_deliveries d
        where d.tenant_id = $1 and d.endpoint_id = $2 and d.event_id = c.id
        limit 1
    ) d on true
    where ($3 is not null or c.happened_at >= $4) and (d.state is null or d.state in ('dead', 'held')
        or d.state = 'delivered' and $5 or d.state = 'pending' and d.attempts > 0)
    order by c.id
    limit $6
),
due as materialized (
    insert into webhook_deliveries as d (tenant_id, endpoint_id, event_id, state)
    select $1, $2, f.id, 'waiting' from found f
    on conflict (tenant_id, endpoint_id, event_id) do update set
        state = 'waiting', attempts = 0, round = d.round + 1, replays = d.replays + 1, next_attempt_at = null,
        tried_since = clock_timestamp()
    returning event_id
),
-- Whoever asks says that it answers.
tried as (
    update webhook_endpoints p set trial = null
    from endpoint e
    where p.tenant_id = $1 and p.id = e.id and p.trial is not null and exists (select from due)
)
select p.active, (select count(*) from due),
    case when (select count(*) from found) = $6 then (select max(f.id::text)::uuid from found f)
        when f.yes then f.last end,
    exists (select from webhook_events e where e.tenant_id = $1 and e.id = $3 and e.kind = any (p.events))
from endpoint p
cross join is_full f
