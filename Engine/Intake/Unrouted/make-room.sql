-- Room for what the installation's app signs next: the oldest events of the number that has most kept go, so that one
-- number that nobody wants costs no other number its events. What a channel can take by now is on its way, and stays.
-- One process at a time: the others find room afterwards.
-- $1 the lock, $2 how many events
with turn as materialized (
    select pg_try_advisory_xact_lock($1) as mine
), largest as materialized (
    select u.provider, u.address
    from unrouted_events u
    where u.only_for is null and u.reason = 'unknown_number' and (select mine from turn)
        and not exists (
            select from channels c
            where c.kind = u.provider and c.address = u.address and c.webhook_secrets = '{}')
    group by u.provider, u.address
    order by sum(u.bytes) desc, u.provider, u.address
    limit 1
), oldest as materialized (
    select u.id
    from unrouted_events u
    join largest l on l.provider = u.provider and l.address = u.address
    where u.only_for is null and u.reason = 'unknown_number'
    order by u.received_at, u.id
    limit $2
    for update of u skip locked
)
delete from unrouted_events u
using oldest o
where u.id = o.id
