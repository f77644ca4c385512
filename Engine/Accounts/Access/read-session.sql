select u.is_platform_admin, t.id is not null, m.role, p.permissions, coalesce(t.allowed_networks, '{}'),
    g.id is not null, coalesce(m.version, 0)
from sessions s
join users u on u.id = s.user_id and u.active
left join tenants t on t.id = $3 and t.status = 'active'
left join memberships m on m.tenant_id = t.id and m.user_id = s.user_id and m.active
left join profiles p on p.tenant_id = m.tenant_id and p.id = m.profile_id
left join lateral (
    select g.id from support_grants g
    where g.tenant_id = t.id and g.ended_at is null and g.until > now() and u.is_platform_admin
    limit 1) g on true
where s.id = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > now()
