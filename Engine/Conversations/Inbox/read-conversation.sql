-- $1 tenant, $2 conversation, $3 kinds of channels that have a window
select c.id as "Id", c.channel_id as "ChannelId", c.status as "Status", c.epoch as "Epoch", c.user_id as "UserId",
    case when c.status = 'human' then case when c.phone_at is null then 'staff' else 'phone' end end as "AnsweredBy",
    p.id as "ContactId", p.name as "ContactName", p.phone as "ContactPhone", p.opted_out_at as "OptedOutAt",
    l.qualification as "Qualification", l.score as "Score", l.custom_data::text as "FieldsText",
    c.status = 'bot' and c.turn > c.answered_turn as "Answering",
    c.handoff_reason as "HandoffReason", c.summary as "Summary", t.intent as "Intent", t.sentiment as "Sentiment",
    case when ch.kind = any ($3::text[]) then coalesce(c.last_inbound_at + interval '24 hours', c.created_at) end
        as "WindowEndsAt",
    c.last_message_at as "LastMessageAt", c.created_at as "CreatedAt", c.closed_at as "ClosedAt"
from conversations c
join channels ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
left join lateral (
    select t.intent, t.sentiment
    from turns t
    where t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.intent is not null
    order by t.to_turn desc
    limit 1
) t on true
where c.tenant_id = $1 and c.id = $2
