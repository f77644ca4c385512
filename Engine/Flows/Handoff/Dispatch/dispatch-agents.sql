-- Who is there, with what they have to do. $1 tenant
select a.id, a.role, a.capacity, coalesce(l.load, 0), greatest(a.last_offered_at, '2000-01-01'), a.skills, a.teams,
    a.hours::text
from agents_at_work a
left join agent_loads l on l.tenant_id = a.tenant_id and l.agent_id = a.id
where a.tenant_id = $1 and a.active and a.presence = 'online'
