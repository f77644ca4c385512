-- A person in charge writes. Outside the provider's window free text cannot be sent: it is refused, and what was
-- written stays in the conversation as failed. $1 tenant, $2 conversation, $3 message id, $4 text, $5 queue id,
-- $6 kinds of channels that have a window, $7 kind, $8 payload, $9 the provider's id of the message that it quotes,
-- $10 upload that goes with it. The conversation is locked: see ReplyAsStaff.
with asked as materialized (
    select c.tenant_id, c.id, c.status,
        ch.kind = any ($6::text[])
            and coalesce(c.last_inbound_at <= clock_timestamp() - interval '24 hours', true) as closed,
        $9::text is null
            or exists (
                select from messages q
                where q.external_id = $9 and q.tenant_id = $1 and q.conversation_id = $2)
            or exists (
                select from deliveries q
                where q.channel_id = c.channel_id and q.provider_message_id = $9 and q.conversation_id = $2) as quotes
    from conversations c
    join channels ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
    where c.tenant_id = $1 and c.id = $2
),
file as materialized (
    -- What is not sent does not use its upload up.
    select case when $10::uuid is null or a.closed or a.status <> 'human' then true
        else send_media($1, $10, $3, $7) end as is_there
    from asked a
    where a.quotes
),
moved as materialized (
    update conversations c set last_seq = c.last_seq + 1, last_message_at = now(), listed_at = listed_at(now()),
        phone_at = case when c.phone_at is not null then now() end
    from asked a
    where c.tenant_id = $1 and c.id = a.id and c.status = 'human' and (select f.is_there from file f)
    returning c.id, c.lead_id, c.channel_id, c.last_seq, c.epoch, clock_timestamp() as at, a.closed
),
stored as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, payload,
        refers_to, created_at)
    select $1, $3, m.id, m.lead_id, m.channel_id, m.last_seq, 'atendente', $7, $4, $8, $9, m.at from moved m
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class,
        state, reason)
    select $1, $3, m.at, m.id, m.channel_id, m.last_seq, m.epoch, 'staff',
        case when m.closed then 'failed' else 'pending' end, case when m.closed then 'window_closed' end
    from moved m
),
queued as materialized (
    select enqueue($5, 'message-delivery', $1, $3::text, delivery_due($1, $3), 0)
    from moved m
    where not m.closed
),
told as materialized (
    select signal_handoff($1, m.id, $5, json_build_object('kind', 'staff_replied'))
    from moved m
    where not m.closed
)
select a.status, exists (select from moved) as taken, a.closed, (select count(*) from told),
    (select count(*) from queued), coalesce((select f.is_there from file f), true) as is_there, a.quotes
from asked a
