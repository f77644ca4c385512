-- An id that died before keeps its latest death, and all of its history. The same death told twice stays one.
insert into queue_dead_letters as d
    (id, queue, priority, attempts, tenant_id, subject, body, trace_parent, order_key, code, reason, history,
    enqueued_at, died_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14)
on conflict (id) do update
set attempts = excluded.attempts, code = excluded.code, reason = excluded.reason,
    history = case when d.history @> excluded.history then d.history else d.history || excluded.history end,
    enqueued_at = excluded.enqueued_at, died_at = excluded.died_at
