-- $1 tenant, $2 lead, $3 since when the customer's messages count
select l.id as "Id", l.contact_id as "ContactId", p.name as "Name", coalesce(l.phone, p.phone) as "Phone",
    l.source as "Source", l.status as "Status", l.qualification as "Qualification", l.score as "Score",
    l.custom_data::text as "FieldsText", l.last_activity_at as "LastActivityAt", l.created_at as "CreatedAt",
    l.reengagement_status as "Reengagement",
    (select count(*) from messages m
        where m.lead_id = l.id and m.tenant_id = l.tenant_id and m.created_at >= $3 and m.role = 'cliente')
        as "RecentMessages",
    (select c.id from conversations c
        where c.contact_id = l.contact_id and c.tenant_id = l.tenant_id
        order by c.last_message_at desc
        limit 1) as "ConversationId"
from leads l
join contacts p on p.tenant_id = l.tenant_id and p.id = l.contact_id
where l.tenant_id = $1 and l.id = $2 and (l.deleted_at is null or l.last_activity_at > l.deleted_at)
