-- $1 tenant, $2 conversation, $3 and $4 the place of the page before or null, $5 rows
select m.id as "Id", m.seq as "Seq", m.role as "Role", m.kind as "Kind", m.body as "Text",
    coalesce(d.provider_message_id, m.external_id) as "ProviderMessageId", m.created_at as "CreatedAt",
    d.state as "Delivery", d.receipt as "Receipt", d.reason as "DeliveryReason",
    coalesce(d.resent, false) as "Resent"
from messages m
left join deliveries d on d.tenant_id = m.tenant_id and d.message_id = m.id
where m.tenant_id = $1 and m.conversation_id = $2
    and ($3::timestamptz is null or (m.created_at, m.seq) < ($3, $4))
order by m.created_at desc, m.seq desc
limit $5
