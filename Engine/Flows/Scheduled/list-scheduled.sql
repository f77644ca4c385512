-- $1 tenant, $2 only this one, $3 status, $4 and $5 after which, $6 rows
select m.* from (
    select s.id as "Id", s.contact_id as "ContactId", s.channel_id as "ChannelId", s.text as "Text",
        s.template as "TemplateText", s.send_at as "SendAt",
        case
            when s.status <> 'queued' then s.status
            when o.state in ('pending', 'sending') then 'queued'
            when o.state = 'cancelled' then 'skipped'
            when o.state = 'sent' then coalesce(replace(o.receipt, 'played', 'read'), 'sent')
            else o.state
        end as "Status",
        coalesce(s.reason, o.reason) as "Reason", s.message_id as "MessageId", s.created_at as "CreatedAt"
    from scheduled_messages s
    left join unasked_sends o on o.tenant_id = s.tenant_id and o.message_id = s.message_id
    where s.tenant_id = $1
        and ($2::uuid is null or s.id = $2)
        and ($4::timestamptz is null or (s.created_at, s.id) < ($4, $5::uuid))
) m
where ($3::text is null or m."Status" = $3)
order by m."CreatedAt" desc, m."Id" desc
limit $6
