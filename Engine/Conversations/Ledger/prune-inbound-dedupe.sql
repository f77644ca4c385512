-- One portion of the receipts that are too old, the oldest first, but nothing whose message is still open in the sense
-- of LedgerOutcome. $1 tenant, $2 how long receipts are kept, $3 how many, $4 states of a reply that close its message
with old as materialized (
    select r.channel_id, r.provider_message_id
    from receipts r
    left join messages m on r.kind = 'M' and m.tenant_id = $1 and m.id = r.message_id
        and m.created_at between r.recorded_at - interval '1 day' and r.recorded_at + interval '1 day'
    left join lateral (
        select t.outcome, t.reply_id
        from turns t
        where t.tenant_id = $1 and t.conversation_id = m.conversation_id and t.to_turn >= m.turn
        order by t.to_turn
        limit 1
    ) t on true
    left join deliveries d on d.tenant_id = $1 and d.message_id = t.reply_id
    where r.tenant_id = $1 and r.recorded_at < now() - $2::interval
        -- A message that is gone (erased, or its month detached) owes nobody an answer, though the books call it open:
        -- nothing could ever close it.
        and (m.id is null or t.outcome <> 'replied' or d.state = any ($4))
    order by r.recorded_at
    limit $3
)
delete from receipts r
using old o
where r.tenant_id = $1 and r.channel_id = o.channel_id and r.provider_message_id = o.provider_message_id
