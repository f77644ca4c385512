-- Moves a campaign that stands in one of some states to another; its row is locked. Taken back is what is not claimed:
-- by a pause to wait again, by a cancel for good. Who lets one go on that stopped itself forgives what had failed.
-- $1 tenant, $2 campaign, $3 states, $4 next, $5 not before
with moved as materialized (
    select c.id, c.round + 1 as round
    from campaigns c
    where c.tenant_id = $1 and c.id = $2 and c.status = any ($3)
),
unsent as materialized (
    select u.message_id
    from moved m
    cross join lateral unsend($1, m.id, 'campaign_' || $4) as u (message_id)
    where $4 <> 'running'
),
back as (
    update campaign_recipients r set
        state = case $4 when 'cancelled' then 'cancelled' else 'pending' end,
        message_id = case $4 when 'cancelled' then r.message_id end,
        queued_at = case $4 when 'cancelled' then r.queued_at end
    from moved m
    where $4 <> 'running' and r.tenant_id = $1 and r.campaign_id = m.id
        and (r.message_id in (select u.message_id from unsent u) or r.state = 'pending' and $4 = 'cancelled')
),
so_far as materialized (
    select count(*) filter (where o.outcome in ('sent', 'delivered', 'read', 'failed')) as settled,
        count(*) filter (where o.outcome = 'failed') as failed
    from moved m
    join campaign_outcomes o on o.tenant_id = $1 and o.campaign_id = m.id
    where $4 = 'running'
),
queued as materialized (
    select enqueue(new_id(), 'campaign-delivery', $1, m.id::text, campaign_due($1, m.id, m.round), 2)
    from moved m
    where $4 = 'running'
)
update campaigns c set
    status = $4,
    pause_reason = case $4 when 'paused' then 'staff' end,
    round = m.round,
    starts_at = coalesce($5, c.starts_at),
    started_at = case $4 when 'running' then coalesce(c.started_at, now()) else c.started_at end,
    ended_at = case $4 when 'cancelled' then now() end,
    released = c.released - (select count(*) from unsent),
    forgiven_failures = case $4 when 'running' then s.failed else c.forgiven_failures end,
    forgiven_settled = case $4 when 'running' then s.settled else c.forgiven_settled end,
    updated_at = now()
from moved m, so_far s
where c.tenant_id = $1 and c.id = m.id and (select count(*) from queued) >= 0
