-- A new webhook secret of a channel; those before it end after the overlap, and what has ended goes.
-- $1 tenant, $2 channel, $3 the secret's key, $4 the secret as stored, $5 the overlap
with channel as materialized (
    select c.* from channels c where c.tenant_id = $1 and c.id = $2 for no key update
), kept as (
    select s.secret, coalesce(s.id, gen_random_uuid()) as id, s.position,
        least(coalesce(s.ends_at, now() + $5), now() + $5) as ends_at
    from channel c
    cross join lateral rows from (unnest(c.webhook_secrets, c.webhook_secret_ids, c.webhook_secret_ends))
        with ordinality as s (secret, id, ends_at, position)
    where s.secret is not null and (s.ends_at is null or s.ends_at > now())
), changed as (
    update channels c set updated_at = now(),
        webhook_secrets = array(select k.secret from kept k order by k.position) || $4::text,
        webhook_secret_ids = array(select k.id from kept k order by k.position) || $3::uuid,
        webhook_secret_ends = array(select k.ends_at from kept k order by k.position) || array[null::timestamptz]
    where c.tenant_id = $1 and c.id = $2 and (select count(*) from kept) < 2
    returning c.id
)
select case when exists (select from changed) then 'done' else 'two_live' end from channel
