-- One row for each identity; rows of one group came together and so belong to one person. A group that is known by any
-- of its identities gains the others; a group that is not becomes a new contact.
-- $1 group, $2 tenant, $3 kind, $4 value, $5 proposed contact id, $6 name, $7 phone, $8 channel
with keys as materialized (
    select * from unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[],
            $8::uuid[])
        as k (grp, tenant_id, kind, value, proposed, name, phone, channel_id)
),
known as materialized (
    select k.grp, k.tenant_id, i.contact_id, case k.kind when 'bsuid' then 0 else 1 end as rank
    from keys k
    cross join lateral (
        select f.contact_id
        from identities f
        where f.tenant_id = k.tenant_id and f.kind = k.kind and f.value = k.value
        limit 1
    ) i
),
chosen as materialized (
    select distinct on (k.grp) k.grp, coalesce(n.contact_id, k.proposed) as contact_id
    from keys k
    left join known n on n.grp = k.grp
    order by k.grp, n.rank
),
-- Two identities of one message that belong to two contacts: never merged by themselves, only suggested.
suggested as (
    insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
    select distinct a.tenant_id, a.contact_id, b.contact_id, 'seen together'
    from known a
    join known b on b.grp = a.grp and b.contact_id > a.contact_id
    on conflict do nothing
),
added as (
    insert into identities (tenant_id, kind, value, contact_id, channel_id)
    select k.tenant_id, k.kind, k.value, c.contact_id, case k.kind when 'bsuid' then k.channel_id end
    from keys k
    join chosen c on c.grp = k.grp
    order by k.tenant_id, k.kind, k.value
    on conflict do nothing
    returning tenant_id, kind, value, contact_id
),
-- Who had the number before: perhaps the same person with a new phone, so it is suggested.
former as materialized (
    select a.tenant_id, a.contact_id, f.contact_id as former_id
    from added a
    cross join lateral (
        select i.contact_id
        from identities i
        where i.tenant_id = a.tenant_id and i.kind = 'former_phone' and i.value = a.value
        limit 1
    ) f
    where a.kind = 'phone' and f.contact_id <> a.contact_id
),
perhaps as (
    insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
    select distinct f.tenant_id, least(f.contact_id, f.former_id), greatest(f.contact_id, f.former_id), 'same number'
    from former f
    on conflict do nothing
)
insert into contacts (tenant_id, id, name, profile_name, phone, opted_out_at)
select distinct on (k.tenant_id, k.proposed) k.tenant_id, k.proposed, k.name, nullif(k.name, ''), k.phone,
    -- And a wish to be left in peace holds for whoever may be the one who had it.
    (select p.opted_out_at
     from former f
     join contacts p on p.tenant_id = f.tenant_id and p.id = f.former_id
     where f.tenant_id = k.tenant_id and f.contact_id = k.proposed and p.opted_out_at is not null
        and not exists (
            select from identities i
            where i.tenant_id = p.tenant_id and i.contact_id = p.id and i.kind in ('bsuid', 'phone'))
     limit 1)
from keys k
join added a on a.tenant_id = k.tenant_id and a.contact_id = k.proposed
on conflict do nothing
