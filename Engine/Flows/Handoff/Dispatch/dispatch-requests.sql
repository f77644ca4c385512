-- The queue, in the order in which it is served. A team or a person that is gone by now is anybody. $1 tenant, $2 rows
select r.flow_id, r.conversation_id,
    (select t.id from teams t where t.tenant_id = r.tenant_id and t.id = r.team_id),
    (select a.id from agents_at_work a where a.tenant_id = r.tenant_id and a.id = r.agent_id and a.active),
    r.skill, r.supervisor, r.excluded, r.told_busy
from handoff_requests r
join conversation_summaries c on c.tenant_id = r.tenant_id and c.id = r.conversation_id and c.status = 'waiting'
    and c.user_id is null
where r.tenant_id = $1
order by r.urgency, r.since, r.flow_id
limit $2
