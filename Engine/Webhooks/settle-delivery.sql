-- Writes down what a call led to. An endpoint's row is touched only while it fails, or when it recovers.
-- $1 tenant, $2 event, $3 endpoint, $4 state, $5 status, $6 reason, $7 milliseconds, $8 pause before the next call,
-- $9 after how long staff is told, $10 after how long the endpoint is disabled, $11 round
with settled as (
    update webhook_deliveries d set
        state = $4, attempts = d.attempts + 1, last_status = $5::smallint, last_reason = $6, last_ms = $7,
        last_attempt_at = now(), next_attempt_at = now() + $8::interval,
        delivered_at = case when $4 = 'delivered' then now() end
    where d.tenant_id = $1 and d.event_id = $2 and d.endpoint_id = $3 and d.round = $11
),
recovered as (
    update webhook_endpoints p set failing_since = null, failures = 0, told_failing = false
    where p.tenant_id = $1 and p.id = $3 and $4 = 'delivered' and p.failing_since is not null
),
failing as materialized (
    select p.id, p.url, p.told_failing, p.status,
        coalesce(p.failing_since, now()) as since, p.failures + 1 as failures
    from webhook_endpoints p
    where p.tenant_id = $1 and p.id = $3 and $4 <> 'delivered'
    for no key update
),
judged as materialized (
    select f.*, f.since < now() - $9::interval as is_long,
        f.status = 'active' and f.failures >= 20 and f.since < now() - $10::interval as gives_up
    from failing f
),
marked as (
    update webhook_endpoints p set
        failing_since = j.since, failures = j.failures, told_failing = p.told_failing or j.is_long,
        status = case when j.gives_up then 'disabled' else p.status end,
        disabled_by = case when j.gives_up then 'failures' else p.disabled_by end,
        disabled_at = case when j.gives_up then now() else p.disabled_at end
    from judged j
    where p.tenant_id = $1 and p.id = j.id
)
select case when j.gives_up then 'webhook_disabled' else 'webhook_failing' end, j.url
from judged j
where j.gives_up or j.is_long and not j.told_failing
