select coalesce(rows.queue, totals.queue), coalesce(rows.waiting, 0), coalesce(rows.active, 0),
    coalesce(rows.delayed, 0), coalesce(totals.completed, 0), coalesce(totals.failed, 0), rows.oldest_waiting
from (
    select queue,
        count(*) filter (where due_at <= now()) as waiting,
        count(*) filter (where due_at > now() and locked_by is not null) as active,
        count(*) filter (where due_at > now() and locked_by is null) as delayed,
        now() - min(due_at) filter (where due_at <= now()) as oldest_waiting
    from queue_messages
    group by queue
) rows
full join queue_totals totals on totals.queue = rows.queue
