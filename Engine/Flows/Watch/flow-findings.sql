-- What stands still, with its age in seconds. A case that mends itself is listed until it has. Looked up row by row
-- (lateral, limit 1): a join's plan would depend on how many flows ran when statistics were taken.
-- $1 tenant, $2 grace, $3 minutes until a first response is owed
select 'wake_overdue' as "Kind", f.id as "FlowId", f.name as "Flow", f.conversation_id as "ConversationId",
    extract(epoch from now() - f.wake_at)::bigint as "AgeSeconds", f.fault as "Fault", f.restarts as "Restarts"
from flows f
where f.tenant_id = $1 and f.ended_at is null and f.wake_at < now() - $2::interval
union all
select 'signal_unseen', f.id, f.name, f.conversation_id, extract(epoch from now() - e.at)::bigint, f.fault, f.restarts
from (
    select e.flow_id, min(e.happened_at) as at
    from flow_events e
    where e.tenant_id = $1 and e.version is null
    group by e.flow_id
) e
cross join lateral (
    select f.* from flows f where f.tenant_id = $1 and f.id = e.flow_id and f.ended_at is null limit 1
) f
where e.at < now() - $2::interval
union all
select 'no_progress', f.id, f.name, f.conversation_id, extract(epoch from now() - f.advanced_at)::bigint, f.fault,
    f.restarts
from flows f
where f.tenant_id = $1 and f.ended_at is null and f.wake_at is null and f.advanced_at < now() - interval '7 days'
union all
select case when f.id is null then 'waiting_without_handoff' else 'waiting_too_long' end, f.id, 'handoff', c.id,
    extract(epoch from now() - coalesce(f.created_at, c.last_message_at))::bigint, null, 0
from conversation_summaries c
left join lateral (
    select f.id, f.created_at
    from flows f
    where f.tenant_id = c.tenant_id and f.conversation_id = c.id and f.name = 'handoff' and f.ended_at is null
    limit 1
) f on true
where c.tenant_id = $1 and c.status = 'waiting'
    and (f.id is null or f.created_at < now() - $3::int * interval '1 minute')
union all
select 'bot_without_answer', null, '', k.conversation_id, extract(epoch from now() - k.opened_at)::bigint, null,
    k.redrives
from custody_cases k
where k.tenant_id = $1 and k.opened_at < now() - $2::interval
order by 5 desc
limit 1000
