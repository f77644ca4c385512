-- A page of leads, the youngest first. The page is cut before anything is joined to it.
-- $1 tenant, $2 status or null, $3 qualification or null, $4 what a phone may mean or null, $5 a field as JSON or null,
-- $6 pattern for the name or null, $7 and $8 the place of the page before or null, $9 rows, $10 pattern for name or
-- number or null
with page as materialized (
    select l.*
    from leads l
    where l.tenant_id = $1
        and ($2::text is null or l.status = $2)
        and ($3::text is null or l.qualification = $3)
        and ($4::text[] is null or l.phone = any ($4))
        and ($5::text is null or l.custom_data @> $5::jsonb)
        and ($6::text is null or l.contact_id in (
            select p.id from contacts p where p.tenant_id = $1 and p.name ilike $6))
        and ($10::text is null or l.contact_id in (
            select p.id from contacts p where p.tenant_id = $1 and (p.name ilike $10 or p.phone ilike $10)))
        and ($7::timestamptz is null or (l.created_at, l.id) < ($7, $8::uuid))
        and (l.deleted_at is null or l.last_activity_at > l.deleted_at)
    order by l.created_at desc, l.id desc
    limit $9
)
select l.id as "Id", l.contact_id as "ContactId", p.name as "Name", coalesce(l.phone, p.phone) as "Phone",
    l.source as "Source", l.status as "Status", l.qualification as "Qualification", l.score as "Score",
    l.custom_data::text as "FieldsText", l.last_activity_at as "LastActivityAt", l.created_at as "CreatedAt"
from page l
join contacts p on p.tenant_id = l.tenant_id and p.id = l.contact_id
order by l.created_at desc, l.id desc
