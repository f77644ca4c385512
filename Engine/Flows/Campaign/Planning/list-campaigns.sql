-- $1 tenant, $2 only this one, $3 status, $4 and $5 after which campaign, $6 rows
select c.id as "Id", c.name as "Name", c.channel_id as "ChannelId", c.status as "Status",
    c.pause_reason as "PauseReason", c.variants::text as "VariantsText", c.interval_ms as "IntervalMs",
    c.total as "Total", c.released as "Released", c.starts_at as "StartsAt", c.created_at as "CreatedAt",
    c.started_at as "StartedAt", c.ended_at as "EndedAt"
from campaigns c
where c.tenant_id = $1
    and ($2::uuid is null or c.id = $2)
    and ($3::text is null or c.status = $3)
    and ($4::timestamptz is null or (c.created_at, c.id) < ($4, $5::uuid))
order by c.created_at desc, c.id desc
limit $6
