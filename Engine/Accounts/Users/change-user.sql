-- The last administrator of a tenant stays one: nobody could make another. Who comes back needs a place of the plan.
with target as (
    select m.user_id, m.active and m.role = 'admin' and m.profile_id is null as is_admin,
        m.active or not $6 or plan_has_room($1, 'users', (
            select count(*) from memberships o where o.tenant_id = $1 and o.active)) as has_room
    from memberships m
    where m.tenant_id = $1 and m.user_id = $2
),
changed as (
    update memberships m set name = $3, role = $4, profile_id = $5, active = $6, version = m.version + 1,
        updated_at = now()
    from target t
    where m.tenant_id = $1 and m.user_id = t.user_id and t.has_room
        and (not t.is_admin or ($4 = 'admin' and $5::uuid is null and $6)
            or exists (
                select from memberships o
                join users u on u.id = o.user_id and u.active
                where o.tenant_id = $1 and o.user_id <> $2 and o.active and o.role = 'admin' and o.profile_id is null))
    returning m.user_id
),
agent as (
    update agents a set active = $6, presence = case when $6 then a.presence else 'offline' end, updated_at = now()
    from changed c
    where a.tenant_id = $1 and a.user_id = c.user_id and a.active <> $6
)
select exists (select from target), exists (select from changed), exists (select from target t where t.has_room)
