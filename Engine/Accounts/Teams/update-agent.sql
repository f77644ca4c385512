-- Replaces an agent. Who is inactive is offline; who can now take what they could not before makes handoffs look again.
-- $1 tenant, $2 agent, $3 name, $4 role, $5 capacity, $6 skills, $7 hours, $8 notify url, $9 notify phone, $10 active
with before as materialized (
    select a.id, a.role, a.capacity, a.skills, a.hours, a.active
    from agents a
    where a.tenant_id = $1 and a.id = $2
    for no key update
),
changed as (
    update agents a set
        name = $3, role = $4, capacity = $5, skills = $6, hours = $7::jsonb, notify_url = $8, notify_phone = $9,
        active = $10, presence = case when $10 then a.presence else 'offline' end, updated_at = now()
    from before b
    where a.tenant_id = $1 and a.id = b.id
    returning a.id
),
hint as materialized (
    select wake_handoffs($1)
    from before b
    where b.capacity < $5 or b.skills <> $6 or b.hours is distinct from $7::jsonb or b.role <> $4
        or b.active is distinct from $10
)
select c.id, (select count(*) from hint) from changed c
