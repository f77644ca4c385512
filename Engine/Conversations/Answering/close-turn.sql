-- Ends a turn that nobody will answer: by the rules of answer-commit.sql, but without a reply. No row when the turn is
-- no longer the one to answer. $1 tenant, $2 conversation, $3 turn, $4 epoch, $5 outcome, $6 reason, $7 why a person is
-- called, or null
with valid as materialized (
    select s.id, s.answered_turn
    from conversations s
    where s.tenant_id = $1 and s.id = $2 and s.status = 'bot' and s.epoch = $4
        and s.answered_turn < $3 and (s.turn = $3 or s.sealed_turn = $3)
    limit 1
    for no key update
),
moved as materialized (
    update conversations c set
        answered_turn = case when $7::text is null then $3 else c.turn end,
        burst_started_at = case when c.turn = $3 then null else c.burst_started_at end,
        status = case when $7 is null then c.status else 'waiting' end,
        handoff_reason = coalesce($7, c.handoff_reason)
    from valid v
    where c.tenant_id = $1 and c.id = v.id
    returning c.id, c.answered_turn as to_turn, v.answered_turn + 1 as from_turn
)
insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason, handoff_reason)
select $1, m.id, m.from_turn, m.to_turn, $5, $6, $7 from moved m
returning to_turn
