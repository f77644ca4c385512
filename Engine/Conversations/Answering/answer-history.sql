-- The last messages of each conversation up to the turn, newest first; none for a turn that needs no answer any more.
-- $1 ordinal, $2 tenant, $3 conversation, $4 turn, $5 how many
select i.ord, h.role, h.kind, h.body, h.turn, h.turn > c.answered_turn as unanswered, h.seq, h.sent_at, h.received_at,
    h.external_id, h.details,
    case when h.refers_to is not null then quoted_message(c.tenant_id, c.channel_id, h.refers_to) end as quoted,
    h.withdrawn_at is not null as withdrawn, h.created_at, h.id
from unnest($1::int[], $2::uuid[], $3::uuid[], $4::bigint[]) as i (ord, tenant_id, conversation_id, turn)
cross join lateral (
    select c.tenant_id, c.id, c.channel_id, c.created_at, c.answered_turn, c.status, c.turn, c.sealed_turn
    from conversations c
    where c.tenant_id = i.tenant_id and c.id = i.conversation_id
    limit 1
) c
cross join lateral (
    select m.role, m.kind, m.body, m.turn, m.seq, m.sent_at, m.received_at, m.external_id, m.details, m.refers_to,
        m.withdrawn_at, m.created_at, m.id
    from messages m
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id
        and m.created_at >= c.created_at - interval '1 minute' and m.created_at <= now() + interval '1 day'
        and (m.turn is null or m.turn <= i.turn)
        -- What an edit says stands in the message that it changed.
        and (m.turn is not null or m.kind not in ('edit', 'revoke', 'system', 'group', 'request_welcome'))
        -- What staff could not send was never said.
        and (m.role <> 'atendente' or not exists (
            select from deliveries d
            where d.tenant_id = m.tenant_id and d.message_id = m.id and d.state = 'failed'))
    order by m.created_at desc, m.seq desc
    limit case
        when c.status = 'bot' and c.answered_turn < i.turn and (c.turn = i.turn or c.sealed_turn = i.turn) then $5
        else 0 end
) h
order by i.ord, h.seq desc
