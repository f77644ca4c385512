-- Deleting is what makes it happen once: of two redrives at a time only one gets the row. The history stays; its new
-- last entry starts the count of attempts anew.
with back as (
    delete from queue_dead_letters
    where ($1::uuid is null or id = $1) and ($2::text is null or queue = $2)
    returning id, queue, priority, tenant_id, subject, body, trace_parent, order_key, history
)
insert into queue_messages (id, queue, priority, tenant_id, subject, body, trace_parent, order_key, history)
select id, queue, priority, tenant_id, subject, body, trace_parent, order_key,
    history || jsonb_build_object('attempt', 0, 'at', now(), 'code', 'redriven')
from back
on conflict (id) do nothing
returning queue
