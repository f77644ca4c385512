-- The youngest first. $1 tenant, $2 only this one, $3 channel, $4 status, $5 and $6 after which, $7 rows
select t.id as "Id", t.channel_id as "ChannelId", t.name as "Name", t.language as "Language", t.category as "Category",
    t.status as "Status", t.reason as "Reason", t.quality as "Quality", t.body as "Body", t.places as "Places",
    t.synced_at as "SyncedAt", t.created_at as "CreatedAt", t.updated_at as "UpdatedAt"
from message_templates t
where t.tenant_id = $1
    and ($2::uuid is null or t.id = $2)
    and ($3::uuid is null or t.channel_id = $3)
    and ($4::text is null or t.status = $4)
    and ($5::timestamptz is null or (t.created_at, t.id) < ($5, $6::uuid))
order by t.created_at desc, t.id desc
limit $7
