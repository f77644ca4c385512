-- A number that came with another business-scoped id than its holder has on this channel: an account is one person, so
-- the number has a new owner. $1 tenant, $2 channel, $3 bsuid, $4 phone
with moved as materialized (
    select distinct k.tenant_id, k.phone
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as k (tenant_id, channel_id, bsuid, phone)
    cross join lateral (
        select i.contact_id from identities i
        where i.tenant_id = k.tenant_id and i.kind = 'phone' and i.value = k.phone
        limit 1
    ) h
    where not exists (
            select from identities i
            where i.tenant_id = k.tenant_id and i.kind = 'bsuid' and i.value = k.bsuid
                and i.contact_id = h.contact_id)
        and exists (
            select from identities i
            where i.tenant_id = k.tenant_id and i.contact_id = h.contact_id and i.kind = 'bsuid'
                and coalesce(i.channel_id, k.channel_id) = k.channel_id)
    order by k.tenant_id, k.phone
)
select count(give_up_number(m.tenant_id, m.phone)) from moved m
