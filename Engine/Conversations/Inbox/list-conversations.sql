-- A page of conversations, the latest active first. The page is cut before anything is joined to it.
-- $1 tenant, $2 statuses or null, $3 and $4 the place of the page before or null, $5 rows, $6 what a phone may mean or
-- null, $7 whether the customer had the last word or null, $8 who answers: phone, staff or null
with page as materialized (
    select c.*
    from conversations c
    where c.tenant_id = $1
        and ($2::text[] is null or c.status = any ($2))
        and ($3::timestamptz is null or (c.last_message_at, c.id) < ($3, $4))
        and ($6::text[] is null or c.contact_id in (
            select i.contact_id from identities i where i.tenant_id = $1 and i.kind = 'phone' and i.value = any ($6)))
        and ($7::boolean is null or $7 = (c.status <> 'closed' and coalesce((
            select m.role = 'cliente' from messages m
            where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.created_at >= c.created_at
                and is_word(m.role, m.kind, m.withdrawn_at)
            order by m.created_at desc, m.seq desc
            limit 1), false)))
        and ($8::text is null or c.status = 'human' and ($8 = 'phone') = (c.phone_at is not null))
    order by c.last_message_at desc, c.id desc
    limit $5
)
select c.id as "Id", c.channel_id as "ChannelId", c.status as "Status", c.epoch as "Epoch",
    case when c.status = 'human' then case when c.phone_at is null then 'staff' else 'phone' end end as "AnsweredBy",
    p.id as "ContactId", p.name as "ContactName", p.phone as "ContactPhone",
    l.qualification as "Qualification", l.score as "Score",
    c.status = 'bot' and c.turn > c.answered_turn as "Answering",
    c.status <> 'closed' and coalesce(m.role = 'cliente', false) as "Unanswered",
    m.role as "LastMessageRole", m.kind as "LastMessageKind", m.body as "LastMessageText",
    c.last_message_at as "LastMessageAt", c.created_at as "CreatedAt", c.closed_at as "ClosedAt"
from page c
join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
left join lateral (
    select m.role, m.kind, left(m.body, 200) as body
    from messages m
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.created_at >= c.created_at
        and is_word(m.role, m.kind, m.withdrawn_at)
    order by m.created_at desc, m.seq desc
    limit 1
) m on true
order by c.last_message_at desc, c.id desc
