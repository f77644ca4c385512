-- A campaign that runs, and that this message looks after. $1 tenant, $2 campaign, $3 round
select c.channel_id, c.variants::text, c.interval_ms, c.first_stage, c.stage_seconds, c.max_failure_percent,
    c.stage_passed, c.starts_at, c.next_send_at, c.last_release_at, c.released, c.forgiven_failures, c.forgiven_settled,
    c.checked_at
from campaigns c
where c.tenant_id = $1 and c.id = $2 and c.status = 'running' and c.round = $3
for no key update
