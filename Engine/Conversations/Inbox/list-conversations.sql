-- A page of conversations, the latest active first. Each status is read by ix_conversations_listed, a quarter of an
-- hour at a time and no further than the page is long, and the page is cut before anything is joined to it.
-- $1 tenant, $2 statuses, $3 and $4 the place of the page before or null, $5 rows, $6 what a phone may mean or null,
-- $7 whether the customer had the last word or null, $8 who answers: phone, staff or null, $9 contact or null,
-- $10 agent or null, $11 team or null, $12 channel or null
with page as materialized (
    select o.*
    from unnest($2::text[]) as s (status)
    cross join lateral (
        select c.*
        from conversations c
        where c.tenant_id = $1 and c.status = s.status
            and ($3::timestamptz is null
                or c.listed_at <= listed_at($3) and (c.last_message_at, c.id) < ($3, $4::uuid))
            and ($6::text[] is null or c.contact_id = any (array(
                select i.contact_id from identities i
                where i.tenant_id = $1 and i.kind = 'phone' and i.value = any ($6))))
            and ($7::boolean is null or $7 = (c.status <> 'closed' and coalesce((
                select m.role = 'cliente' from messages m
                where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.created_at >= c.created_at
                    and is_word(m.role, m.kind, m.withdrawn_at)
                order by m.created_at desc, m.seq desc
                limit 1), false)))
            and ($8::text is null or c.status = 'human' and ($8 = 'phone') = (c.phone_at is not null))
            and ($9::uuid is null or c.contact_id = $9)
            and ($10::uuid is null or c.user_id = $10)
            and ($11::uuid is null or c.team_id = $11)
            and ($12::uuid is null or c.channel_id = $12)
        order by c.listed_at desc, c.last_message_at desc, c.id desc
        limit $5
    ) o
    order by o.listed_at desc, o.last_message_at desc, o.id desc
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
