-- $1 tenant, $2 rows
select c.id as "ConversationId", f.id as "FlowId", c.contact_name as "ContactName", c.handoff_reason as "Reason",
    c.qualification as "Qualification", c.user_id as "OfferedTo", a.name as "OfferedToName",
    coalesce(r.team_id, c.team_id) as "TeamId", coalesce(r.since, f.created_at, c.last_message_at) as "WaitingSince"
from conversation_summaries c
left join flows f on f.tenant_id = c.tenant_id and f.conversation_id = c.id and f.name = 'handoff'
    and f.ended_at is null
left join handoff_requests r on r.tenant_id = c.tenant_id and r.flow_id = f.id
left join agents_at_work a on a.tenant_id = c.tenant_id and a.id = c.user_id
where c.tenant_id = $1 and c.status = 'waiting'
order by coalesce(r.urgency, 0), coalesce(r.since, f.created_at, c.last_message_at), c.id
limit $2
