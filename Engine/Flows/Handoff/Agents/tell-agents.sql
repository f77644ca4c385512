-- Notifications of a flow that have somewhere to go and did not get there yet. $1 tenant, $2 flow
select n.id, n.conversation_id, n.kind, n.body::text, c.channel_id, a.notify_url, a.notify_phone
from notifications n
join agents_at_work a on a.tenant_id = n.tenant_id and a.id = n.agent_id
    and (a.notify_url is not null or a.notify_phone is not null)
join conversation_summaries c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
where n.tenant_id = $1 and n.flow_id = $2 and n.told_at is null and not n.read
    and n.created_at > now() - interval '1 hour'
order by n.created_at, n.id
