-- A flow takes a turn as the answer to its question: by the rules of answer-commit.sql, but nobody replies. No row when
-- the flow has ended or no longer asks, or the turn is no longer the one to answer.
-- $1 tenant, $2 conversation, $3 turn, $4 epoch, $5 flow, $6 signal id, $7 the event
with asking as materialized (
    -- The flow before the conversation, as an advance locks them; an advance that ends it meanwhile is waited for.
    select f.id
    from flows f
    where f.tenant_id = $1 and f.id = $5 and f.ended_at is null and f.listens = 'answer'
    for share
),
valid as materialized (
    select a.id as flow_id, c.id, c.answered_turn
    from asking a
    cross join lateral (
        select s.id, s.answered_turn
        from conversations s
        where s.tenant_id = $1 and s.id = $2 and s.status = 'bot' and s.epoch = $4
            and s.answered_turn < $3 and (s.turn = $3 or s.sealed_turn = $3)
        limit 1
        for no key update
    ) c
),
moved as (
    update conversations c set
        answered_turn = $3,
        burst_started_at = case when c.turn = $3 then null else c.burst_started_at end
    from valid v
    where c.tenant_id = $1 and c.id = v.id
),
closed as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
    select $1, v.id, v.answered_turn + 1, $3, 'ignored', 'survey_answer'
    from valid v
)
select signal_flow($1, v.flow_id, $6, $7::json) from valid v
