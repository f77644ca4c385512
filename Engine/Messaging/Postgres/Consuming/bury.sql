-- Moves messages that this process still holds to the dead letters. An id that died before and was sent anew keeps its
-- latest death.
with dead as (
    delete from queue_messages m
    using unnest($1::uuid[], $2::text[], $3::text[], $4::integer[]) as verdict (id, code, reason, attempt)
    where m.id = verdict.id and m.locked_by = $5
    returning m.id, m.queue, m.priority, m.tenant_id, m.subject, m.body, m.trace_parent, m.order_key, m.enqueued_at,
        verdict.code, verdict.reason, verdict.attempt,
        coalesce(m.history, '[]')
            || jsonb_build_object('attempt', verdict.attempt, 'at', now(), 'code', verdict.code) as history
)
insert into queue_dead_letters as d
    (id, queue, priority, attempts, tenant_id, subject, body, trace_parent, order_key, code, reason, history,
    enqueued_at)
select id, queue, priority, attempt, tenant_id, subject, body, trace_parent, order_key, code, reason, history,
    enqueued_at
from dead
on conflict (id) do update
set attempts = excluded.attempts, code = excluded.code, reason = excluded.reason,
    history = d.history || excluded.history, enqueued_at = excluded.enqueued_at, died_at = now()
