-- A token that was used is used again: by a second tab or a repeated request a moment later, which gets a successor of
-- its own in the same family, or, later than that, by whoever stole it, which ends the family.
with old as materialized (
    select r.hash, r.session_id, s.user_id, s.last_tenant,
        s.ended_at is null and s.expires_at > now() and u.active as is_live,
        coalesce(r.used_at < now() - interval '30 seconds', false) as is_reuse
    from refresh_tokens r
    join sessions s on s.id = r.session_id
    join users u on u.id = s.user_id
    where r.hash = $1
    for update of r, s
),
changed as (
    update sessions s set
        ended_at = case when o.is_reuse then now() end,
        end_reason = case when o.is_reuse then 'reuse' end,
        expires_at = case when o.is_reuse then s.expires_at
            else least(now() + $3::interval, s.created_at + $4::interval) end
    from old o
    where s.id = o.session_id and o.is_live
),
used as (
    update refresh_tokens r set used_at = coalesce(r.used_at, now())
    from old o
    where r.hash = o.hash and o.is_live
),
made as (
    insert into refresh_tokens (hash, session_id)
    select $2, o.session_id from old o where o.is_live and not o.is_reuse
)
select o.session_id, o.user_id, o.last_tenant, o.is_live, o.is_reuse from old o
