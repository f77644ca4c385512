-- Keeps a message until its time, with what wakes it then; nothing where something is wrong with it, which is the
-- answer. $1 tenant, $2 id, $3 channel or null, $4 contact, $5 text, $6 template, $7 when, $8 the template's name,
-- $9 its language, $10 its parameters
with asked as materialized (
    select c.id as channel_id, p.id as contact_id
    from (select 1) one
    left join tenant_channels c on c.tenant_id = $1 and c.id = coalesce($3, only_channel($1))
    left join campaign_contacts p on p.tenant_id = $1 and p.id = $4
),
judged as materialized (
    select a.*,
        case
            when a.channel_id is null then array['channelId', 'is no channel, or is required']
            when a.contact_id is null then array['contactId', 'is no contact']
            when $8::text is not null and template_obstacle($1, a.channel_id, $8, $9, $10) is not null
                then array['template', 'is ' || template_obstacle($1, a.channel_id, $8, $9, $10)]
        end as fault
    from asked a
),
kept as (
    insert into scheduled_messages (tenant_id, id, channel_id, contact_id, text, template, send_at)
    select $1, $2, j.channel_id, j.contact_id, $5, $6, $7
    from judged j
    where j.fault is null
    returning id
),
queued as materialized (
    select enqueue(new_id(), 'flow-events', $1, k.id::text, scheduled_due($1, k.id), 1, $7) from kept k
)
select j.fault[1], j.fault[2] from judged j where (select count(*) from queued) >= 0
