-- What a look at a campaign led to. What is taken back waits again: its message was never sent, and never will be.
-- $1 tenant, $2 campaign, $3 status, $4 why it stops, $5 whether the first stage is over, $6 whether to take back,
-- $7 when what became of its messages was counted; null: not now
with unsent as materialized (
    select u.message_id
    from (select where $6) as wanted
    cross join lateral unsend($1, $2, 'campaign_' || $3) as u (message_id)
),
back as (
    update campaign_recipients r set state = 'pending', message_id = null, queued_at = null
    from unsent u
    where r.tenant_id = $1 and r.campaign_id = $2 and r.state = 'queued' and r.message_id = u.message_id
),
told as materialized (
    select tell_webhooks($1, 'campaign.' || $3, null, jsonb_build_object('campaignId', $2) || case $3
        when 'paused' then jsonb_build_object('reason', $4) else '{}' end)
    where $3 in ('paused', 'finished')
)
update campaigns c set
    status = $3,
    pause_reason = $4,
    stage_passed = c.stage_passed or $5,
    released = c.released - (select count(*) from unsent),
    checked_at = coalesce($7, c.checked_at),
    ended_at = case when $3 = 'finished' then now() end,
    updated_at = now()
where c.tenant_id = $1 and c.id = $2 and (select count(*) from told) >= 0
