-- Events whose channel exists by now, the oldest first; a second router leaves them alone. Led by the channels: what no
-- one has is not read. An event that the installation's app signed never reaches a number with an app of its own.
-- $1 how many
with ready as materialized (
    select u.id, c.tenant_id, c.id as channel_id
    from channels c
    cross join lateral (
        select u.id, u.received_at
        from unrouted_events u
        where u.provider = c.kind and u.address = c.address and u.address <> '' and u.reason = 'unknown_number'
            and (u.only_for = c.tenant_id or u.only_for is null and c.webhook_secrets = '{}')
        order by u.received_at, u.id
        limit $1
    ) u
    order by u.received_at, u.id
    limit $1
)
select u.id, u.body, r.tenant_id, r.channel_id
from ready r
join unrouted_events u on u.id = r.id
order by u.received_at, u.id
for update of u skip locked
