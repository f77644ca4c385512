-- What waits for a channel is due at once. Nothing gets a second message: a channel may be resumed and refused often.
-- Where the queue is elsewhere there is no row to see; but what it holds looks at the channel about once a
-- minute, and each look touches the delivery. $1 tenant, $2 channel, $3 ids for the queue
with waiting as materialized (
    select d.message_id, d.created_at, d.updated_at
    from deliveries d
    where d.tenant_id = $1 and d.channel_id = $2 and d.state = 'pending'
    order by d.created_at, d.message_id
    limit cardinality($3::uuid[])
),
queued as materialized (
    select h.subject
    from hasten($1, 'message-delivery', (select array_agg(w.message_id::text) from waiting w)) h (subject)
),
lost as materialized (
    select w.message_id, row_number() over (order by w.created_at, w.message_id) as n
    from waiting w
    where w.updated_at < now() - interval '2 minutes'
        and w.message_id::text not in (select q.subject from queued q)
),
handed as (
    update deliveries d set updated_at = now()
    from lost l
    where d.tenant_id = $1 and d.message_id = l.message_id and d.state = 'pending'
),
again as materialized (
    select enqueue(($3::uuid[])[l.n], 'message-delivery', $1, l.message_id::text, delivery_due($1, l.message_id))
    from lost l
)
-- What nothing reads is not carried out.
select (select count(*) from queued), (select count(*) from again)
