-- $1 tenant, $2 kind, $3 value, $4 second kind, $5 second value, $6 lead id, $7 phone, $8 source
with people as materialized (
    select m.*,
        coalesce(
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind and i.value = m.value),
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind2 and i.value = m.value2)) as contact_id
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[])
        as m (tenant_id, kind, value, kind2, value2, lead_id, phone, source)
)
insert into leads (tenant_id, id, contact_id, phone, source)
select distinct on (p.tenant_id, p.contact_id) p.tenant_id, p.lead_id, p.contact_id, p.phone, p.source
from people p
where p.contact_id is not null
    and not exists (select from leads l where l.tenant_id = p.tenant_id and l.contact_id = p.contact_id)
order by p.tenant_id, p.contact_id
on conflict (tenant_id, contact_id) do nothing
