-- Ends a webhook secret now, and drops what has ended; the one that is to stay stays. $1 tenant, $2 channel, $3 secret
with channel as materialized (
    select c.* from channels c where c.tenant_id = $1 and c.id = $2 for no key update
), live as (
    select s.secret, s.id, s.ends_at, s.position
    from channel c
    cross join lateral rows from (unnest(c.webhook_secrets, c.webhook_secret_ids, c.webhook_secret_ends))
        with ordinality as s (secret, id, ends_at, position)
    where s.secret is not null and (s.ends_at is null or s.ends_at > now())
), kept as (
    select * from live where id is distinct from $3::uuid
), verdict as (
    select case
        when not exists (select from live where id = $3) then 'none'
        when not exists (select from kept where ends_at is null) then 'last'
        else 'done' end as word
), changed as (
    update channels c set updated_at = now(),
        webhook_secrets = array(select k.secret from kept k order by k.position),
        webhook_secret_ids = array(select k.id from kept k order by k.position),
        webhook_secret_ends = array(select k.ends_at from kept k order by k.position)
    where c.tenant_id = $1 and c.id = $2 and (select word from verdict) = 'done'
)
select v.word from channel cross join verdict v
