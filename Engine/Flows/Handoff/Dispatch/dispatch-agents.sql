-- Who is there, with what they have to do. $1 tenant
select a.id, a.role, a.capacity, coalesce(l.load, 0), greatest(a.last_offered_at, '2000-01-01'), a.skills,
    array(select t.team_id from team_members t where t.tenant_id = a.tenant_id and t.agent_id = a.id),
    a.hours::text
from agents a
left join (
    select c.user_id, count(*) as load
    from conversations c
    where c.tenant_id = $1 and c.user_id is not null and c.status in ('waiting', 'human')
    group by c.user_id
) l on l.user_id = a.id
where a.tenant_id = $1 and a.active and a.presence = 'online'
