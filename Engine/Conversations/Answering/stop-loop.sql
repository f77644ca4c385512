-- Another automatic reply is on the other side: nobody answers it, and staff is told. The rules of answer-commit.sql,
-- but there is no reply. $1 tenant, $2 conversation, $3 turn, $4 epoch, $5 message id, $6 the note
with valid as materialized (
    select c.id, c.answered_turn
    from conversations c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.epoch = $4 and c.answered_turn < $3
        and (c.turn = $3 or c.sealed_turn = $3)
    for no key update
),
moved as materialized (
    update conversations c set
        status = 'waiting', handoff_reason = 'loop', answered_turn = c.turn, sealed_turn = null,
        burst_started_at = null, bot_attempts = 0, last_seq = c.last_seq + 1
    from valid v
    where c.tenant_id = $1 and c.id = v.id
    returning c.id, c.lead_id, c.channel_id, c.last_seq, c.turn, v.answered_turn + 1 as from_turn
),
noted as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body)
    select $1, $5, m.id, m.lead_id, m.channel_id, m.last_seq, 'sistema', 'loop', $6
    from moved m
),
covered as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason, handoff_reason)
    select $1, m.id, m.from_turn, m.turn, 'handed_off', 'loop', 'loop'
    from moved m
)
select m.id from moved m
