-- $1 tenant, $2 conversation, $3 message id, $4 text, $5 queue id
with moved as materialized (
    update conversations c set last_seq = c.last_seq + 1, last_message_at = now(),
        phone_at = case when c.phone_at is not null then now() end
    where c.tenant_id = $1 and c.id = $2 and c.status = 'human'
    returning c.id, c.lead_id, c.channel_id, c.last_seq, c.epoch, clock_timestamp() as at
),
stored as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, created_at)
    select $1, $3, m.id, m.lead_id, m.channel_id, m.last_seq, 'atendente', 'text', $4, m.at from moved m
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class)
    select $1, $3, m.at, m.id, m.channel_id, m.last_seq, m.epoch, 'staff' from moved m
),
queued as (
    insert into queue_messages (id, queue, priority, tenant_id, subject, body)
    select $5, 'message-delivery', 0, $1, $3::text,
        '{"v":1,"tenant":"' || $1::text || '","message":"' || $3::text || '"}'
    from moved
),
told as materialized (
    select signal_flow(f.tenant_id, f.id, $5, json_build_object('kind', 'staff_replied'))
    from moved m
    join flows f on f.tenant_id = $1 and f.conversation_id = m.id and f.name = 'handoff' and f.ended_at is null
)
select c.status, exists (select from moved) as queued, (select count(*) from told)
from conversations c
where c.tenant_id = $1 and c.id = $2
