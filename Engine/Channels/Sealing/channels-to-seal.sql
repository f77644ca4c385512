-- Channels of a tenant with a secret that is not stored as it is to be, or that has ended.
-- $1 tenant, $2 how what is sealed with the current key begins; empty: what is in plain is as it is to be,
-- $3 how long what was in plain before sealing came is left so
with secrets as (
    select c.id, s.secret
    from channels c
    cross join lateral rows from (unnest(array[c.access_token, c.verify_token] || c.webhook_secrets)) as s (secret)
    where c.tenant_id = $1 and s.secret <> ''
)
select c.id as "Id", c.access_token as "AccessToken", c.verify_token as "VerifyToken",
    c.webhook_secrets as "WebhookSecrets", schema_older_than(21, $3) as "PlainToo"
from channels c
where c.tenant_id = $1
    and (
        exists (
            select from secrets s
            where s.id = c.id
                and case
                    when $2 = '' then starts_with(s.secret, 'enc:')
                    when starts_with(s.secret, 'enc:') then not starts_with(s.secret, $2)
                    else schema_older_than(21, $3)
                end)
        or exists (select from rows from (unnest(c.webhook_secret_ends)) as e (ends_at) where e.ends_at <= now())
        or cardinality(c.webhook_secret_ids) <> cardinality(c.webhook_secrets)
        or cardinality(c.webhook_secret_ends) > cardinality(c.webhook_secrets))
order by c.id
