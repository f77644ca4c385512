-- Events whose channel exists by now, the oldest first; a second router leaves them alone. $1 how many
select u.id, u.body, c.tenant_id, c.channel_id
from unrouted_events u
cross join lateral (
    select c.tenant_id, c.id as channel_id
    from channels c
    where c.kind = u.provider and c.address = u.address
    limit 1
) c
where u.address <> '' and (u.only_for is null or u.only_for = c.tenant_id)
order by u.received_at, u.id
limit $1
for update of u skip locked
