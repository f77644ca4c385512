-- Another automatic reply is on the other side: nobody answers it, and staff is told. The rules of answer-commit.sql,
-- but there is no reply. $1 tenant, $2 conversation, $3 turn, $4 epoch, $5 message id, $6 the note
with valid as materialized (
    select c.id
    from conversations c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.epoch = $4 and c.answered_turn < $3
        and (c.turn = $3 or c.sealed_turn = $3)
    for no key update
),
moved as materialized (
    select o.id, o.lead_id, o.channel_id, o.last_seq
    from valid v
    cross join lateral change_owner(
        $1, v.id, 'waiting', why => 'loop', outcome => 'handed_off', reason => 'loop', line => 'sistema') o
),
noted as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body)
    select $1, $5, m.id, m.lead_id, m.channel_id, m.last_seq, 'sistema', 'loop', $6
    from moved m
)
select m.id from moved m
