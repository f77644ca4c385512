-- The surveys begun since a time that did ask their question. A survey whose question the provider refused counts as
-- asked: it shows in the response rate. $1 tenant, $2 since
select count(*),
    count(*) filter (where a.kind = 'nps' and a.score >= 9),
    count(*) filter (where a.kind = 'nps' and a.score between 7 and 8),
    count(*) filter (where a.kind = 'nps' and a.score <= 6),
    count(a.score) filter (where a.kind = 'csat'),
    count(a.score),
    avg(a.score) filter (where a.kind = 'csat')::float8
from flows f
left join survey_answers a on a.tenant_id = f.tenant_id and a.flow_id = f.id
where f.tenant_id = $1 and f.created_at >= $2 and f.name = 'survey'
    and exists (
        select from flow_events e
        where e.tenant_id = f.tenant_id and e.flow_id = f.id and 'AskScore' = any (e.commands))
