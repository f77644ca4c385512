-- Locks the conversations of a set in the order of their ids, so that two sets never wait for each other in a circle.
-- $1 tenant, $2 channel, $3 kind, $4 value, $5 second kind, $6 second value,
-- $7 whether it opens no conversation
with people as materialized (
    select m.*,
        coalesce(
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind and i.value = m.value),
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind2 and i.value = m.value2)) as contact_id
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
        as m (tenant_id, channel_id, kind, value, kind2, value2, opens_none)
),
wanted as materialized (
    select distinct p.tenant_id, o.id
    from people p
    cross join lateral (
        (select c.id
         from conversations c
         where c.tenant_id = p.tenant_id and c.channel_id = p.channel_id and c.contact_id = p.contact_id
             and c.status <> 'closed'
         limit 1)
        union all
        (select c.id
         from conversations c
         where p.opens_none and c.tenant_id = p.tenant_id and c.channel_id = p.channel_id
             and c.contact_id = p.contact_id and c.status = 'closed'
         order by c.created_at desc
         limit 1)
        limit 1
    ) o
    order by o.id
)
select count(*)
from wanted w
cross join lateral (
    select c.id from conversations c where c.tenant_id = w.tenant_id and c.id = w.id limit 1 for no key update
) l
