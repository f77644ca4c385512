-- $1 tenant, $2 conversation, $3 and $4 the place of the page before or null, $5 rows
select m.id as "Id", m.seq as "Seq", m.role as "Role", m.kind as "Kind", m.body as "Text",
    coalesce(d.provider_message_id, m.external_id) as "ProviderMessageId", m.created_at as "CreatedAt",
    d.state as "Delivery", d.receipt as "Receipt", d.reason as "DeliveryReason",
    coalesce(d.resent, false) as "Resent", m.edited_at as "EditedAt", m.withdrawn_at as "WithdrawnAt",
    m.details as "DetailsText", m.refers_to as "QuotedMessageId", q.said[1] as "QuotedRole", q.said[2] as "QuotedText",
    media_of(m.tenant_id, m.id)::text as "MediaText"
from messages m
left join deliveries d on d.tenant_id = m.tenant_id and d.message_id = m.id
left join lateral (
    select quoted_message(m.tenant_id, m.channel_id, m.refers_to) as said where m.refers_to is not null
) q on true
where m.tenant_id = $1 and m.conversation_id = $2
    and ($3::timestamptz is null or (m.created_at, m.seq) < ($3, $4))
order by m.created_at desc, m.seq desc
limit $5
