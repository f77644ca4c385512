-- Makes a campaign; where the same is asked for twice, the first one is the answer to both. $1 tenant, $2 campaign,
-- $3 channel, $4 name, $5 variants, $6 interval ms, $7 first stage, $8 stage seconds, $9 failures in percent,
-- $10 fingerprint or null, $11 whether it starts, $12 not before
with earlier as materialized (
    select c.id
    from campaigns c
    where c.tenant_id = $1 and c.fingerprint = $10
        and (c.ended_at is null or c.created_at > now() - interval '10 minutes')
    order by c.created_at desc
    limit 1
),
made as (
    insert into campaigns (tenant_id, id, channel_id, name, variants, interval_ms, first_stage, stage_seconds,
        max_failure_percent, stage_passed, fingerprint, status, starts_at, started_at, round)
    select $1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $7 = 0, $10, case when $11 then 'running' else 'draft' end, $12,
        case when $11 then now() end, case when $11 then 1 else 0 end
    where not exists (select from earlier)
    on conflict (tenant_id, fingerprint) where fingerprint is not null and ended_at is null
        do update set updated_at = campaigns.updated_at
    returning id
),
queued as materialized (
    select enqueue(new_id(), 'campaign-delivery', $1, m.id::text, campaign_due($1, m.id, 1), 2)
    from made m
    where $11 and m.id = $2
)
select a.id, a.id = $2 and (select count(*) from queued) >= 0
from (select m.id from made m union all select e.id from earlier e) a
limit 1
