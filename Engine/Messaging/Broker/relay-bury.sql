-- A message that the broker will never take. $1 id, $2 code, $3 reason
with dead as (
    delete from queue_messages where id = $1
    returning id, queue, priority, tenant_id, subject, body, trace_parent, order_key, history, enqueued_at
)
insert into queue_dead_letters as d
    (id, queue, priority, attempts, tenant_id, subject, body, trace_parent, order_key, code, reason, history,
    enqueued_at)
select id, queue, priority, 1, tenant_id, subject, body, trace_parent, order_key, $2, $3,
    coalesce(history, '[]') || jsonb_build_object('attempt', 1, 'at', now(), 'code', $2::text), enqueued_at
from dead
on conflict (id) do update
set code = excluded.code, reason = excluded.reason, history = excluded.history, died_at = now()
