select id, queue, priority, attempts, tenant_id, subject, body, code, reason, history::text, enqueued_at, died_at
from queue_dead_letters
where ($1::text is null or queue = $1)
    and ($2::text is null or subject = $2)
    and ($3::timestamptz is null or (died_at, id) < ($3, $4))
    and ($5::uuid is null or id = $5)
order by died_at desc, id desc
limit $6
