-- $1 tenant, $2 conversation, $3 the turn whose message was given up
with given_up as materialized (
    update conversations c set
        status = 'waiting', handoff_reason = 'assistant_unsure', answered_turn = c.turn, burst_started_at = null
    from conversations o
    where o.tenant_id = $1 and o.id = $2
        and c.tenant_id = o.tenant_id and c.id = o.id and c.status = 'bot' and c.turn = $3 and c.answered_turn < $3
    returning c.tenant_id, c.id, c.turn, o.answered_turn + 1 as from_turn
)
insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
select g.tenant_id, g.id, g.from_turn, g.turn, 'failed', 'never_answered' from given_up g
on conflict do nothing
