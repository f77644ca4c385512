-- $1 tenant, $2 only this one, $3 presences, $4 active, $5 member of, $6 and $7 after, $8 rows
select a.id as "Id", a.name as "Name", a.role as "Role", a.presence as "Presence", a.capacity::int as "Capacity",
    coalesce(
        (select w.load::int from agent_loads w where w.tenant_id = a.tenant_id and w.agent_id = a.id), 0) as "Load",
    a.skills as "Skills",
    array(
        select m.team_id from team_members m where m.tenant_id = a.tenant_id and m.agent_id = a.id order by m.team_id
    ) as "Teams",
    a.hours::text as "StoredHours", a.notify_url as "NotifyUrl", a.notify_phone as "NotifyPhone",
    a.active as "Active", a.created_at as "CreatedAt", a.updated_at as "UpdatedAt"
from agents a
where a.tenant_id = $1
    and ($2::uuid is null or a.id = $2)
    and ($3::text[] is null or a.presence = any ($3))
    and ($4::boolean is null or a.active = $4)
    and ($5::uuid is null or exists (
        select from team_members m where m.tenant_id = a.tenant_id and m.team_id = $5 and m.agent_id = a.id))
    and ($6::timestamptz is null or (a.created_at, a.id) > ($6, $7::uuid))
order by a.created_at, a.id
limit $8
