-- One channel's secrets as they are to be stored from now on, unless they changed meanwhile; those that ended go, and
-- those without a key get one. $1 tenant, $2 channel, $3 to $5 its token, verify token and webhook secrets as they
-- were, $6 to $8 as they are to be
with kept as (
    select coalesce(array_agg(s.secret order by s.position), '{}') as secrets,
        coalesce(array_agg(coalesce(s.id, gen_random_uuid()) order by s.position), '{}') as ids,
        coalesce(array_agg(s.ends_at order by s.position), '{}') as ends
    from channels c
    cross join lateral rows from (unnest($8::text[], c.webhook_secret_ids, c.webhook_secret_ends))
        with ordinality as s (secret, id, ends_at, position)
    where c.tenant_id = $1 and c.id = $2 and s.secret is not null and (s.ends_at is null or s.ends_at > now())
)
update channels c set access_token = $6, verify_token = $7, webhook_secrets = k.secrets, webhook_secret_ids = k.ids,
    webhook_secret_ends = k.ends, updated_at = now()
from kept k
where c.tenant_id = $1 and c.id = $2 and c.access_token = $3 and c.verify_token = $4 and c.webhook_secrets = $5
    and (c.access_token, c.verify_token, c.webhook_secrets, c.webhook_secret_ids, c.webhook_secret_ends)
        is distinct from ($6, $7, k.secrets, k.ids, k.ends)
