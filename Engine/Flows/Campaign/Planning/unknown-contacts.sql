-- Which of the ids are no contacts of the tenant, by their place from 0. $1 tenant, $2 ids, $3 rows
select i.ord - 1
from unnest($2::uuid[]) with ordinality as i (id, ord)
where not exists (select from campaign_contacts p where p.tenant_id = $1 and p.id = i.id)
order by i.ord
limit $3
