-- A turn that could not be answered becomes a person's, and the customer hears of it. Nothing for a turn that was
-- answered, overtaken by a newer one, or is no longer the bot's.
-- $1 tenant, $2 conversation, $3 turn, $4 message id, $5 what the customer reads, $6 delivery queue id, $7 reason
with stuck as materialized (
    select c.answered_turn
    from conversations c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.answered_turn < $3
        and (c.turn = $3 or c.sealed_turn = $3)
    for no key update
),
moved as materialized (
    update conversations c set
        status = 'waiting', handoff_reason = 'assistant_unsure', answered_turn = c.turn, burst_started_at = null,
        last_seq = c.last_seq + 1, last_message_at = now()
    from stuck s
    where c.tenant_id = $1 and c.id = $2
    returning c.id, c.lead_id, c.channel_id, c.last_seq, c.epoch, c.priority, c.turn, s.answered_turn + 1 as from_turn,
        clock_timestamp() as at
),
said as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, created_at)
    select $1, $4, m.id, m.lead_id, m.channel_id, m.last_seq, 'bot', 'text', $5, m.at from moved m
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class)
    select $1, $4, m.at, m.id, m.channel_id, m.last_seq, m.epoch, 'reply' from moved m
),
failed as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason, handoff_reason)
    select $1, m.id, m.from_turn, m.turn, 'failed', $7, 'assistant_unsure' from moved m
    on conflict do nothing
),
queued as (
    insert into queue_messages (id, queue, priority, tenant_id, subject, body)
    select $6, 'message-delivery', m.priority, $1, $4::text,
        '{"v":1,"tenant":"' || $1::text || '","message":"' || $4::text || '"}'
    from moved m
)
select pg_notify('vellarys_queue', 'message-delivery') from moved
