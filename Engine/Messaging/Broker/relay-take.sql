-- Leases waiting rows to one relay: the most urgent first, then as they came. A lease that runs out is taken again, so
-- a relay that dies costs a delay and at worst a second copy. A time still to come travels with the message.
-- $1 rows, $2 how long the lease lasts
with waiting as materialized (
    select ctid as tid
    from queue_messages
    where relayed_until is null or relayed_until < now()
    order by priority, enqueued_at, id
    limit $1
    for update skip locked
)
update queue_messages m set relayed_until = now() + $2::interval
from waiting w
where m.ctid = w.tid
returning m.id, m.queue, m.priority, case when m.due_at > now() then m.due_at end, m.tenant_id, m.subject, m.body,
    m.trace_parent, m.history::text, extract(epoch from m.enqueued_at)::bigint::text, m.enqueued_at,
    m.order_key
