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
ended as materialized (
    update conversations c set
        answered_turn = $3, burst_started_at = case when c.turn = $3 then null else c.burst_started_at end
    from valid v
    where c.tenant_id = $1 and c.id = v.id and $7::text is null
    returning c.id, v.answered_turn + 1 as from_turn
),
covered as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
    select $1, e.id, e.from_turn, $3, $5, $6 from ended e
),
called as materialized (
    select o.id
    from valid v
    cross join lateral change_owner($1, v.id, 'waiting', why => $7, outcome => $5, reason => $6) o
    where $7 is not null
)
select e.id from ended e union all select k.id from called k
