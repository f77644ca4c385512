-- How long until the next delayed message or the next lease's end, looking no further ahead than the idle poll.
select now(), (extract(epoch from min(next.due_at) - clock_timestamp()) * 1000)::double precision
from unnest($2::smallint[]) as class (priority)
cross join lateral (
    select due_at
    from queue_messages
    where queue = $1 and priority = class.priority and due_at > now() and due_at <= now() + $3
    order by due_at
    limit 1
) next
