-- A page of open leads, who wrote last first, as ix_leads_active has them.
-- $1 tenant, $2 qualification or null, $3 and $4 the place of the page before or null, $5 rows
with page as materialized (
    select l.*
    from leads l
    where l.tenant_id = $1 and l.status = 'open'
        and ($2::text is null or l.qualification = $2)
        and ($3::timestamptz is null or l.last_activity_at <= $3 and (l.last_activity_at, l.id) < ($3, $4::uuid))
        and (l.deleted_at is null or l.last_activity_at > l.deleted_at)
    order by l.last_activity_at desc, l.id desc
    limit $5
)
select l.id as "Id", l.contact_id as "ContactId", p.name as "Name", coalesce(l.phone, p.phone) as "Phone",
    l.source as "Source", l.status as "Status", l.qualification as "Qualification", l.score as "Score",
    l.custom_data::text as "FieldsText", l.last_activity_at as "LastActivityAt", l.created_at as "CreatedAt"
from page l
join contacts p on p.tenant_id = l.tenant_id and p.id = l.contact_id
order by l.last_activity_at desc, l.id desc
