-- What to tell whom, read when the call is made: words that were taken back meanwhile are told to nobody.
-- $1 tenant, $2 event, $3 endpoint, $4 round
select e.id as "Event", e.kind as "Kind", e.happened_at as "HappenedAt", e.sequence as "Sequence",
    e.facts::text as "Facts", e.conversation_id as "Conversation", d.state as "State", d.attempts as "Attempts",
    p.url as "Url", p.status = 'active' as "IsActive", p.trial as "Trial", p.secret as "Secret",
    case when p.previous_until > now() then p.previous_secret end as "PreviousSecret",
    p.includes_text as "IncludesText", p.includes_contact as "IncludesContact",
    case
        when not p.includes_text then null
        when e.kind = 'survey.answered' then survey_comment($1, e.about_id)
        when e.about_at is not null then message_words(e.about_id, e.about_at)
    end as "Text",
    case when p.includes_contact then c.contact_name end as "ContactName",
    case when p.includes_contact then c.contact_phone end as "ContactPhone"
from webhook_deliveries d
join webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
join webhook_endpoints p on p.tenant_id = d.tenant_id and p.id = d.endpoint_id
left join conversation_summaries c on c.tenant_id = e.tenant_id and c.id = e.conversation_id
    and p.includes_contact
where d.tenant_id = $1 and d.event_id = $2 and d.endpoint_id = $3 and d.round = $4
