-- Deliveries that stood still although nothing in the queue will move them (lost queue rows, dead letters), and
-- failures that staff was not told of. $1 tenant, $2 stood still for, $3 ids for the queue
with open_still as materialized (
    select d.tenant_id, d.message_id
    from deliveries d
    where d.tenant_id = $1 and d.state in ('pending', 'sending', 'unknown') and d.updated_at < now() - $2::interval
        and not is_queued(d.tenant_id, 'message-delivery', d.message_id::text)
    order by d.updated_at
    limit cardinality($3::uuid[])
    for no key update skip locked
),
untold_still as materialized (
    select d.tenant_id, d.message_id
    from deliveries d
    where d.tenant_id = $1 and d.untold and d.updated_at < now() - $2::interval
    limit cardinality($3::uuid[])
    for no key update skip locked
),
still as materialized (
    select * from open_still union select * from untold_still
),
numbered as (
    select s.tenant_id, s.message_id, row_number() over () as n from still s limit cardinality($3::uuid[])
),
-- Where the queue is elsewhere there is no row to see: then the next look is not before it has stood still again.
seen as (
    update deliveries d set updated_at = now()
    from still s
    where d.tenant_id = s.tenant_id and d.message_id = s.message_id and (d.state = 'pending' or d.untold)
)
select enqueue(($3::uuid[])[s.n], 'message-delivery', s.tenant_id, s.message_id::text,
    delivery_due(s.tenant_id, s.message_id))
from numbered s
