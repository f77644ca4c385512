-- Whoever finds a stopped channel due for a look takes the look, and puts the next one further off. What is not due
-- costs a read. $1 tenant, $2 channel
with took as (
    update channels c set
        next_probe_at = now() + least(15 * power(2, c.probes), 900) * interval '1 second',
        probes = least(c.probes + 1, 20)
    where c.tenant_id = $1 and c.id = $2 and c.status = 'stopped' and c.stopped_by is distinct from 'operator'
        and coalesce(c.next_probe_at, now()) <= now()
    returning c.id
)
select c.status, exists (select from took) as due, extract(epoch from c.next_probe_at - now())::float8 * 1000
from channels c
where c.tenant_id = $1 and c.id = $2
