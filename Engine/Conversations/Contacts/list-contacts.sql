-- A page of contacts, the youngest first: their ids are in the order in which they came.
-- $1 tenant, $2 pattern for the name or null, $3 what a phone may mean or null, $4 status or null, $5 the
-- company's own id or null, $6 a field as JSON or null, $7 the last contact of the page before or null, $8 rows, $9
-- pattern for name or number or null
select p.id as "Id", p.name as "Name", p.phone as "Phone", p.status as "Status", p.client_id as "ClientId",
    p.metadata::text as "MetadataText", p.opted_out_at as "OptedOutAt", p.created_at as "CreatedAt",
    p.updated_at as "UpdatedAt"
from contacts p
where p.tenant_id = $1
    and ($2::text is null or p.name ilike $2)
    and ($9::text is null or p.name ilike $9 or p.phone ilike $9)
    and ($3::text[] is null or p.phone = any ($3))
    and ($4::text is null or p.status = $4)
    and ($5::text is null or p.client_id = $5)
    and ($6::text is null or p.metadata @> $6::jsonb)
    and ($7::uuid is null or p.id < $7)
    and p.status <> 'erased'
order by p.id desc
limit $8
