-- A flow says something. Nothing while a person is in charge, and nothing of ours to whoever wants no messages.
-- $1 tenant, $2 conversation, $3 message id, $4 text, $5 class, $6 flow, $7 kind, $8 payload, $9 queue id,
-- $10 the customer must have been silent since, or null
with moved as materialized (
    update conversations c set last_seq = c.last_seq + 1, last_message_at = now(), listed_at = listed_at(now())
    where c.tenant_id = $1 and c.id = $2 and c.status <> 'human'
        -- Whoever wrote in the same instant comes first: the row is looked at again once their message is in.
        and ($10::timestamptz is null or c.answered_turn >= c.turn and c.last_inbound_at <= $10)
        and ($5 <> 'followup' or not exists (
            select from contacts p where p.tenant_id = $1 and p.id = c.contact_id and p.opted_out_at is not null))
    returning c.id, c.lead_id, c.channel_id, c.last_seq, c.epoch, clock_timestamp() as at
),
stored as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, payload,
        created_at)
    select $1, $3, m.id, m.lead_id, m.channel_id, m.last_seq, 'bot', $7, $4, $8, m.at from moved m
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class,
        flow_id)
    select $1, $3, m.at, m.id, m.channel_id, m.last_seq, m.epoch, $5, $6 from moved m
)
select enqueue($9, 'message-delivery', $1, $3::text, delivery_due($1, $3))
from moved
