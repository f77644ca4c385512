-- Hands to the queue again what runs, or is due, and has no message there. Each look at a campaign touches its row, and
-- the longest wait for one is ten minutes. $1 tenant
with still as materialized (
    select c.id, c.round + 1 as round
    from campaigns c
    where c.tenant_id = $1 and c.status = 'running' and c.updated_at < now() - interval '15 minutes'
        and not is_queued($1, 'campaign-delivery', c.id::text)
    limit 100
    for no key update skip locked
),
campaigns_again as materialized (
    select enqueue(new_id(), 'campaign-delivery', $1, s.id::text, campaign_due($1, s.id, s.round), 2) from still s
),
restarted as (
    update campaigns c set round = s.round, updated_at = now() from still s where c.tenant_id = $1 and c.id = s.id
),
late as materialized (
    select m.id
    from scheduled_messages m
    where m.tenant_id = $1 and m.status = 'scheduled' and m.send_at < now() - interval '2 minutes'
        and m.updated_at < now() - interval '2 minutes'
        and not is_queued($1, 'flow-events', m.id::text)
    order by m.send_at
    limit 100
    for no key update skip locked
),
messages_again as materialized (
    select enqueue(new_id(), 'flow-events', $1, l.id::text, scheduled_due($1, l.id)) from late l
),
handed as (
    update scheduled_messages m set updated_at = now() from late l where m.tenant_id = $1 and m.id = l.id
)
select (select count(*) from campaigns_again) + (select count(*) from messages_again)
