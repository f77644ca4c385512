-- Hands messages back that this process still holds. An attempt that failed (code) is written to the history; one that
-- was only put off is not counted.
update queue_messages m
set due_at = now() + back.delay,
    locked_by = null,
    attempts = case when back.code is null then greatest(m.attempts - 1, 0) else m.attempts end,
    history = case
        when back.code is null then m.history
        else coalesce(m.history, '[]')
            || jsonb_build_object('attempt', back.attempt, 'at', now(), 'code', back.code)
    end
from unnest($1::uuid[], $2::interval[], $3::text[], $4::integer[]) as back (id, delay, code, attempt)
where m.id = back.id and m.locked_by = $5
