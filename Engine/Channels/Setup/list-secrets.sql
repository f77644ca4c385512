-- The webhook secrets of a channel that are good, without themselves; one row of nulls where it has none.
-- $1 tenant, $2 channel
select s.id as "Id", s.ends_at as "EndsAt", s.position as "Position"
from channels c
left join lateral (
    select * from rows from (unnest(c.webhook_secrets, c.webhook_secret_ids, c.webhook_secret_ends))
        with ordinality as s (secret, id, ends_at, position)
    where s.secret is not null and (s.ends_at is null or s.ends_at > now())
) s on true
where c.tenant_id = $1 and c.id = $2
order by s.position
