-- A turn that wants no answer: by the rules of answer-commit.sql, but nobody replies.
-- $1 tenant, $2 conversation, $3 turn, $4 epoch, $5 reason
with valid as materialized (
    select c.id, c.answered_turn
    from conversations c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.epoch = $4
        and c.answered_turn < $3 and (c.turn = $3 or c.sealed_turn = $3)
    for no key update
),
moved as (
    update conversations c set
        answered_turn = $3,
        burst_started_at = case when c.turn = $3 then null else c.burst_started_at end
    from valid v
    where c.tenant_id = $1 and c.id = v.id
)
insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
select $1, v.id, v.answered_turn + 1, $3, 'ignored', $5 from valid v
