-- Hands messages back that this process still holds. An attempt that failed (code) is written to the history; one that
-- was only put off is not counted, and one that nobody started gets its old place back.
update queue_messages m
set due_at = case when back.code is null and back.delay = '0' then least(m.enqueued_at, now())
        else now() + back.delay end,
    locked_by = null,
    attempts = case when back.code is null then greatest(m.attempts - 1, 0) else m.attempts end,
    history = case
        when back.code is null then m.history
        else coalesce(m.history, '[]')
            || jsonb_build_object('attempt', back.attempt, 'at', now(), 'code', back.code)
    end
from unnest($1::uuid[], $2::interval[], $3::text[], $4::integer[]) as back (id, delay, code, attempt)
where m.id = back.id and m.locked_by = $5
