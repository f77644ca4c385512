-- What the provider said of templates, in its order; each once. $1 tenant, $2 provider's id, $3 status, $4 reason,
-- $5 quality, $6 category, $7 when
with said as materialized (
    select i.*
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
        as i (provider_id, status, reason, quality, category, at)
),
new as materialized (
    select s.provider_id, max(s.at) as at,
        (array_agg(s.status order by s.at desc) filter (where s.status is not null))[1] as status,
        (array_agg(s.reason order by s.at desc) filter (where s.status is not null))[1] as reason,
        (array_agg(s.quality order by s.at desc) filter (where s.quality is not null))[1] as quality,
        (array_agg(s.category order by s.at desc) filter (where s.category is not null))[1] as category
    from said s
    join message_templates t on t.tenant_id = $1 and t.provider_id = s.provider_id
    where s.at > greatest(t.told_at, t.synced_at) or t.told_at is null and t.synced_at is null
    group by s.provider_id
)
update message_templates t set
    status = coalesce(n.status, t.status),
    reason = case when n.status is null then t.reason else n.reason end,
    quality = coalesce(n.quality, t.quality),
    category = coalesce(n.category, t.category),
    told_at = n.at,
    updated_at = now()
from new n
where t.tenant_id = $1 and t.provider_id = n.provider_id
