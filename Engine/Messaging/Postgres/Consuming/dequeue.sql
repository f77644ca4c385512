-- Most urgent first, then by due time: one index range a priority, read only as far as rows are wanted. The floor is a
-- due time below which this consumer has taken everything already; it keeps the scan from stepping over the index
-- entries of messages long gone. Rows that other consumers hold are skipped, not waited for.
with due as materialized (
    select candidate.tid, candidate.due_at
    from unnest($2::smallint[], $3::timestamptz[]) as class (priority, floor)
    cross join lateral (
        select ctid as tid, due_at
        from queue_messages
        where queue = $1 and priority = class.priority and due_at >= class.floor and due_at <= now()
        order by due_at, id
        limit $4
        for update skip locked
    ) candidate
    limit $4
)
update queue_messages m
set due_at = now() + $5, locked_by = $6, attempts = m.attempts + 1
from due
where m.ctid = due.tid
returning m.id, m.priority, due.due_at, m.attempts, coalesce((m.history -> -1 ->> 'attempt')::integer, 0),
    m.tenant_id, m.subject,
    m.body, m.trace_parent
