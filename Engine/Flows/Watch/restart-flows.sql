-- Restarts from their rows what nothing moves any more, and gives a handoff to whoever waits without one.
-- $1 tenant, $2 grace, $3 restarts before it is left to a person
with still as materialized (
    select f.id
    from flows f
    where f.tenant_id = $1 and f.ended_at is null and f.restarts < $3
        and (f.wake_at < now() - $2::interval or exists (
            select from flow_events e
            where e.tenant_id = $1 and e.flow_id = f.id and e.version is null
                and e.happened_at < now() - $2::interval))
    limit 1000
    for no key update skip locked
),
counted as (
    update flows f set restarts = f.restarts + 1 from still s where f.tenant_id = $1 and f.id = s.id
),
hinted as materialized (
    select wake_flow($1, s.id) from still s
),
alone as materialized (
    select start_flow($1, 'handoff', c.id, c.contact_id, json_build_object(
        'kind', 'raised', 'reason', coalesce(c.handoff_reason, 'unknown'), 'team', c.team_id)) as id
    from conversation_summaries c
    left join lateral (
        select f.id
        from flows f
        where f.tenant_id = c.tenant_id and f.conversation_id = c.id and f.name = 'handoff' and f.ended_at is null
        limit 1
    ) f on true
    where c.tenant_id = $1 and c.status = 'waiting' and f.id is null
)
select (select count(*) from hinted) + (select count(id) from alone)
