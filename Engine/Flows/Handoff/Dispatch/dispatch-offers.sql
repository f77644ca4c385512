-- Names a person in each conversation that still waits for one, and tells the others once that everybody is busy.
-- $1 tenant, $2 flows, $3 conversations, $4 agents, $5 flows left, $6 their places, $7 who suits them, $8 escalated,
-- $9 now
with pick as materialized (
    select * from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as p (flow_id, conversation_id, agent_id)
),
-- In the order of their ids, like everybody who locks several.
held as materialized (
    select c.id
    from pick p
    join conversations c on c.tenant_id = $1 and c.id = p.conversation_id
    order by c.id
    for no key update of c
),
offered as materialized (
    update conversations c set user_id = p.agent_id
    from pick p
    join held h on h.id = p.conversation_id
    where c.tenant_id = $1 and c.id = p.conversation_id and c.status = 'waiting' and c.user_id is null
    returning p.flow_id, p.agent_id
),
asked as (
    update agents a set last_offered_at = $9
    where a.tenant_id = $1 and a.id in (select o.agent_id from offered o)
),
served as (
    delete from handoff_requests r using offered o where r.tenant_id = $1 and r.flow_id = o.flow_id
),
busy as materialized (
    update handoff_requests r set told_busy = true
    from unnest($5::uuid[], $6::int[], $7::int[], $8::boolean[]) as l (flow_id, place, online, escalated)
    where r.tenant_id = $1 and r.flow_id = l.flow_id
    returning l.flow_id, l.place, l.online, l.escalated
)
select count(signal_flow($1, b.flow_id, new_id(), json_build_object(
    'kind', 'nobody_free', 'place', b.place, 'online', b.online, 'escalated', b.escalated)))
from busy b
