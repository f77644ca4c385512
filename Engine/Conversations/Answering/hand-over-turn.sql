-- A turn that could not be answered becomes a person's, and the customer hears of it. Nothing for a turn that was
-- answered, overtaken by a newer one, or is no longer the bot's.
-- $1 tenant, $2 conversation, $3 turn, $4 message id, $5 what the customer reads, $6 delivery queue id, $7 reason
with stuck as materialized (
    select c.id
    from conversations c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.answered_turn < $3
        and (c.turn = $3 or c.sealed_turn = $3)
    for no key update
),
moved as materialized (
    select o.id, o.lead_id, o.channel_id, o.last_seq, o.epoch, o.priority, clock_timestamp() as at
    from stuck s
    cross join lateral change_owner(
        $1, s.id, 'waiting', why => 'assistant_unsure', outcome => 'failed', reason => $7, line => 'bot') o
),
said as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, created_at)
    select $1, $4, m.id, m.lead_id, m.channel_id, m.last_seq, 'bot', 'text', $5, m.at from moved m
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class)
    select $1, $4, m.at, m.id, m.channel_id, m.last_seq, m.epoch, 'reply' from moved m
),
queued as materialized (
    select enqueue($6, 'message-delivery', $1, $4::text, delivery_due($1, $4), m.priority) from moved m
)
select pg_notify('vellarys_queue', 'message-delivery') from queued
