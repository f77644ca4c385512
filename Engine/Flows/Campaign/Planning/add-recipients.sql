-- Who a campaign goes to, each with the variant that is theirs whoever asks when; nothing where the campaign was there
-- before. $1 tenant, $2 campaign, $3 weights of the variants, added up, $4 contacts, $5 what their metadata holds,
-- $6 qualifications, $7 status of the lead, $8 seen after, $9 seen before, $10 rows
with wanted as materialized (
    select p.id, row_number() over (order by p.created_at, p.id) as position,
        -- The first bits of the hash, which are as good as drawn by lot.
        ('x' || left(md5($2::text || p.id::text), 7))::bit(28)::int % $3[cardinality($3::int[])] as lot
    from campaign_contacts p
    where p.tenant_id = $1
        and ($4::uuid[] is null or p.id = any ($4))
        and ($5::text is null or p.metadata @> $5::jsonb)
        and ($6::text[] is null or p.qualification = any ($6))
        and ($7::text is null or p.lead_status = $7)
        and ($8::timestamptz is null or p.last_activity_at > $8)
        and ($9::timestamptz is null or p.last_activity_at < $9)
        and exists (select from campaigns c where c.tenant_id = $1 and c.id = $2)
    limit $10
),
added as (
    insert into campaign_recipients (tenant_id, campaign_id, contact_id, position, variant)
    select $1, $2, w.id, w.position,
        (select min(v.ord) - 1 from unnest($3::int[]) with ordinality as v (upto, ord) where w.lot < v.upto)
    from wanted w
    returning 1
),
counted as materialized (
    select count(*)::int as total from added
)
update campaigns c set total = t.total
from counted t
where c.tenant_id = $1 and c.id = $2
returning c.total
