-- Names a person in each conversation that still waits for one, and tells the others once that everybody is busy.
-- $1 tenant, $2 flows, $3 conversations, $4 agents, $5 flows left, $6 their places, $7 who suits them, $8 escalated,
-- $9 now
with pick as materialized (
    select * from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as p (flow_id, conversation_id, agent_id)
),
offered as materialized (
    select p.flow_id, p.agent_id
    from offer_conversations($1, $3, $4) o
    join pick p on p.conversation_id = o.conversation_id
),
asked as materialized (
    select agents_asked($1, array(select o.agent_id from offered o), $9)
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
    'kind', 'nobody_free', 'place', b.place, 'online', b.online, 'escalated', b.escalated))),
    (select count(*) from asked)
from busy b
