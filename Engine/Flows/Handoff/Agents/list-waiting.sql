-- $1 tenant, $2 rows
select c.id as "ConversationId", f.id as "FlowId", p.name as "ContactName", c.handoff_reason as "Reason",
    l.qualification as "Qualification", c.user_id as "OfferedTo", a.name as "OfferedToName",
    coalesce(r.team_id, c.team_id) as "TeamId", coalesce(r.since, f.created_at, c.last_message_at) as "WaitingSince"
from conversations c
join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
left join flows f on f.tenant_id = c.tenant_id and f.conversation_id = c.id and f.name = 'handoff'
    and f.ended_at is null
left join handoff_requests r on r.tenant_id = c.tenant_id and r.flow_id = f.id
left join agents a on a.tenant_id = c.tenant_id and a.id = c.user_id
where c.tenant_id = $1 and c.status = 'waiting'
order by coalesce(r.urgency, 0), coalesce(r.since, f.created_at, c.last_message_at), c.id
limit $2
