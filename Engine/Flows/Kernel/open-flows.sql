-- Flows that have not ended, and whether one stands still though the watch has hinted twice. $1 tenant, $2 one flow, or
-- null, $3 grace
select f.id, f.name, f.restarts >= 2 and (f.wake_at < now() - $3::interval is true or exists (
    select from flow_events e
    where e.tenant_id = $1 and e.flow_id = f.id and e.version is null
        and e.happened_at < now() - $3::interval))
from flows f
where f.tenant_id = $1 and f.ended_at is null and ($2::uuid is null or f.id = $2)
