-- Names and numbers that became known, or changed: what staff typed stays. After the locks: two sets meet in one
-- order. $1 tenant, $2 kind, $3 value, $4 second kind, $5 second value, $6 name, $7 phone, $8 said at
with people as materialized (
    select m.*,
        coalesce(
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind and i.value = m.value),
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind2 and i.value = m.value2)) as contact_id
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
        as m (tenant_id, kind, value, kind2, value2, name, phone, said_at)
),
said as materialized (
    select p.tenant_id, p.contact_id,
        (array_agg(p.name order by p.said_at desc) filter (where p.name <> ''))[1] as name,
        -- A number that is another contact's is only suggested to be this one's.
        max(p.phone) filter (where exists (
            select from identities i
            where i.tenant_id = p.tenant_id and i.kind = 'phone' and i.value = p.phone
                and i.contact_id = p.contact_id)) as phone
    from people p
    where p.contact_id is not null
    group by p.tenant_id, p.contact_id
),
news as materialized (
    select s.*, n.profile_name
    from said s
    cross join lateral (
        select c.profile_name, c.name, c.phone
        from contacts c
        where c.tenant_id = s.tenant_id and c.id = s.contact_id and c.status <> 'erased'
        limit 1
    ) n
    where s.name is distinct from n.profile_name and s.name is not null or s.phone is not null and n.phone is null
    order by s.tenant_id, s.contact_id
),
told as (
    update leads l set phone = n.phone, updated_at = now()
    from news n
    where l.tenant_id = n.tenant_id and l.contact_id = n.contact_id and l.phone is null and n.phone is not null
)
update contacts c set
    name = case
        when n.name is not null and c.name in ('', coalesce(c.profile_name, c.name)) then n.name
        else c.name end,
    profile_name = coalesce(n.name, c.profile_name),
    phone = coalesce(c.phone, n.phone),
    updated_at = now()
from news n
where c.tenant_id = n.tenant_id and c.id = n.contact_id
