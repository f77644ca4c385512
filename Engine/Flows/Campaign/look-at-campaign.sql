-- What is still to do for a campaign and, where it is asked for, what became of the rest. $1 tenant, $2 campaign,
-- $3 whether to count what became of them, $4 channel, $5 templates, $6 their languages, $7 their parameters
select
    (select count(*) from (
        select from campaign_recipients r
        where r.tenant_id = $1 and r.campaign_id = $2 and r.state = 'pending'
        limit 1) p) as pending,
    unclaimed_of($1, $2) as unclaimed, s.open, s.settled, s.failed,
    (select min('template_' || template_obstacle($1, $4, v.template, v.language, v.parameters))
     from unnest($5::text[], $6::text[], $7::int[]) as v (template, language, parameters)
     where v.template is not null) as obstacle
from (
    select count(*) filter (where o.outcome in ('queued', 'unknown')) as open,
        count(*) filter (where o.outcome in ('sent', 'delivered', 'read', 'failed')) as settled,
        count(*) filter (where o.outcome = 'failed') as failed
    from campaign_outcomes o
    where $3 and o.tenant_id = $1 and o.campaign_id = $2
) s
