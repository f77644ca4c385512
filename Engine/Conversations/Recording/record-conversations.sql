-- $1 tenant, $2 channel, $3 kind, $4 value, $5 second kind, $6 second value, $7 conversation id, $8 raw address
with people as materialized (
    select m.*,
        coalesce(
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind and i.value = m.value),
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind2 and i.value = m.value2)) as contact_id
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[])
        as m (tenant_id, channel_id, kind, value, kind2, value2, conversation_id, address)
)
insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
select distinct on (p.tenant_id, p.channel_id, p.contact_id)
    p.tenant_id, p.conversation_id, p.channel_id, p.contact_id, l.id, p.address
from people p
join leads l on l.tenant_id = p.tenant_id and l.contact_id = p.contact_id
where not exists (
    select from conversations c
    where c.tenant_id = p.tenant_id and c.channel_id = p.channel_id and c.contact_id = p.contact_id
        and c.status <> 'closed')
order by p.tenant_id, p.channel_id, p.contact_id
on conflict (tenant_id, channel_id, contact_id) where status <> 'closed' do nothing
