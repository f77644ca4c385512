-- Puts somebody else in charge. What was unanswered becomes theirs ($6 outcome, $7 reason), and on the way back to the
-- bot what the customer said last and nobody answered becomes a turn of its own.
-- $1 tenant, $2 conversation, $3 status, $4 user, $5 wants an answer, $6 outcome, $7 reason, $8 ai-response id
with before as materialized (
    select c.turn, c.answered_turn from conversations c where c.tenant_id = $1 and c.id = $2
),
moved as materialized (
    update conversations c set
        status = $3,
        epoch = c.epoch + 1,
        user_id = $4,
        turn = c.turn + case when $5 then 1 else 0 end,
        answered_turn = c.turn,
        sealed_turn = null,
        burst_started_at = null,
        bot_attempts = 0,
        phone_at = null,
        closed_at = case when $3 = 'closed' then now() end
    where c.tenant_id = $1 and c.id = $2
    returning c.tenant_id, c.id, c.status, c.epoch, c.turn, c.priority
),
covered as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
    select $1, $2, b.answered_turn + 1, b.turn, $6, $7
    from before b
    where b.turn > b.answered_turn
),
-- No message carries the turn that giving back opens: custody watches it from here.
watched as (
    insert into custody_cases (tenant_id, conversation_id, turn, opened_at, next_redrive_at)
    select m.tenant_id, m.id, m.turn, now() + interval '2 minutes', now() + interval '2 minutes'
    from moved m
    where $5
    on conflict do nothing
),
queued as (
    insert into queue_messages (id, queue, priority, tenant_id, subject, body)
    select $8, 'ai-response', m.priority, m.tenant_id, m.id::text,
        '{"v":1,"tenant":"' || m.tenant_id || '","conversation":"' || m.id || '","turn":' || m.turn || '}'
    from moved m
    where $5
)
select m.status, m.epoch from moved m
