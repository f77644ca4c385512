-- What is still to be fetched, and nothing in the queue fetches: its message was lost or given up. $1 tenant
select enqueue(new_id(), 'image-analysis', m.tenant_id, m.id::text, media_due(m.tenant_id, m.id))
from media m
where m.tenant_id = $1 and m.state = 'waiting' and m.channel_id is not null
    and m.created_at < clock_timestamp() - interval '10 minutes'
    and not is_queued(m.tenant_id, 'image-analysis', m.id::text)
order by m.created_at
limit 100
