-- Locks the conversations of a set of answers in the order of their ids. $1 tenant, $2 conversation
with wanted as materialized (
    select distinct i.tenant_id, i.id from unnest($1::uuid[], $2::uuid[]) as i (tenant_id, id) order by i.id
)
select count(*)
from wanted w
cross join lateral (
    select c.id from conversations c where c.tenant_id = w.tenant_id and c.id = w.id limit 1 for no key update
) l
