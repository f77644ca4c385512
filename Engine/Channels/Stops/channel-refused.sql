-- The provider refused the account of a channel: the first time it is in doubt; the second time, for what was claimed
-- after that and with no send in between, it stops. $1 tenant, $2 channel, $3 code, $4 when it was claimed,
-- $5 whether the provider itself said so: only that can stop a channel
with judged as materialized (
    select c.tenant_id, c.id, c.doubted_at is null as fresh,
        $5::boolean and c.doubted_at < $4::timestamptz as confirmed
    from channels c
    where c.tenant_id = $1 and c.id = $2 and c.status = 'active'
    for no key update
)
update channels c set
    doubt_code = $3,
    doubted_at = coalesce(c.doubted_at, now()),
    status = case when j.confirmed then 'stopped' else c.status end,
    stop_code = case when j.confirmed then $3 else c.stop_code end,
    stopped_by = case when j.confirmed then 'provider' else c.stopped_by end,
    stopped_at = case when j.confirmed then now() else c.stopped_at end,
    next_probe_at = case
        when j.confirmed then now() + least(15 * power(2, c.probes), 900) * interval '1 second'
        else c.next_probe_at end,
    probes = case when j.confirmed then least(c.probes + 1, 20) else c.probes end,
    updated_at = now()
from judged j
where c.tenant_id = j.tenant_id and c.id = j.id
returning j.fresh, coalesce(j.confirmed, false), coalesce(extract(epoch from c.next_probe_at - now()) * 1000, 0)::float8
