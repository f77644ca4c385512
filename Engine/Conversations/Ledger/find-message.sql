-- $1 tenant, $2 provider message id
select r.kind, r.outcome, r.received_at, r.recorded_at, m.conversation_id, t.outcome as turn_outcome, t.reason,
    t.reply_id, d.state, d.receipt, d.reason as delivery_reason, d.resent
from receipts r
left join messages m on m.tenant_id = r.tenant_id and m.id = r.message_id
    and m.created_at between r.recorded_at - interval '1 day' and r.recorded_at + interval '1 day'
left join lateral (
    select t.outcome, t.reason, t.reply_id
    from turns t
    where t.tenant_id = m.tenant_id and t.conversation_id = m.conversation_id and t.to_turn >= m.turn
    order by t.to_turn
    limit 1
) t on true
left join deliveries d on d.tenant_id = r.tenant_id and d.message_id = t.reply_id
where r.channel_id = any (array (select c.id from channels c where c.tenant_id = $1)) and r.provider_message_id = $2
    and r.tenant_id = $1
limit 1
