-- The messages of ours that failed or did not get there yet, the youngest first; two indexes, each over its own states.
-- $1 tenant, $2 states, $3 channel or null, $4 and $5 the place of the page before or null, $6 rows
with page as materialized (
    (
        select d.*
        from deliveries d
        where d.tenant_id = $1 and d.state = 'failed' and d.state = any ($2::text[])
            and ($3::uuid is null or d.channel_id = $3)
            and ($4::timestamptz is null or (d.created_at, d.message_id) < ($4, $5::uuid))
        order by d.created_at desc, d.message_id desc
        limit $6
    )
    union all
    (
        select d.*
        from deliveries d
        where d.tenant_id = $1 and d.state in ('pending', 'sending', 'unknown') and d.state = any ($2::text[])
            and ($3::uuid is null or d.channel_id = $3)
            and ($4::timestamptz is null or (d.created_at, d.message_id) < ($4, $5::uuid))
        order by d.created_at desc, d.message_id desc
        limit $6
    )
)
select d.message_id as "MessageId", d.conversation_id as "ConversationId", d.channel_id as "ChannelId",
    d.class as "Class", d.state as "State", d.reason as "Reason", d.resent as "Resent",
    c.status as "ConversationStatus", p.name as "ContactName", d.created_at as "CreatedAt", d.updated_at as "UpdatedAt"
from page d
join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
order by d.created_at desc, d.message_id desc
limit $6
