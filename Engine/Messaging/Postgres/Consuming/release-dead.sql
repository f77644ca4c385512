-- Ends the leases of processes whose listening session is gone. Asked again here whether it is: the process may have
-- come back since it was suspected. The messages get their old places back: what came after them in a conversation must
-- not overtake them.
with gone as (
    delete from queue_consumers c
    where c.id = any($1)
        and not exists (
            select from pg_stat_activity a
            where a.pid = c.backend_pid and coalesce(a.backend_start, c.backend_start) = c.backend_start)
    returning c.id
), freed as (
    update queue_messages
    set due_at = least(enqueued_at, now()), locked_by = null
    where locked_by = any (array(select id from gone)) and due_at > now()
    returning queue
)
select queue, count(*)::integer from freed group by queue
