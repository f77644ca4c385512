-- Starts a flow for each customer who went silent, and marks the lead so that the next scan passes over it.
-- $1 tenant, $2 and $3 when they were last active, $4 how many messages a month, $5 rows
with silent as materialized (
    select l.id as lead_id, l.contact_id
    from leads l
    where l.tenant_id = $1 and l.reengagement_status in ('none', 'recovered') and l.status = 'open'
        and l.last_activity_at > $2 and l.last_activity_at <= $3
    order by l.last_activity_at
    limit $5
    for no key update skip locked
),
wanted as materialized (
    select s.lead_id, c.id as conversation_id, c.contact_id, c.last_inbound_at,
        (select count(*) from flows f
            join flow_events e on e.tenant_id = f.tenant_id and e.flow_id = f.id and 'Nudge' = any (e.commands)
            where f.tenant_id = $1 and f.contact_id = c.contact_id and f.name = 'reengagement'
                and f.created_at > $3 - interval '60 days' and e.happened_at > $3 - interval '30 days') as sent
    from silent s
    join contacts p on p.tenant_id = $1 and p.id = s.contact_id and p.opted_out_at is null and p.status = 'active'
    join conversations c on c.tenant_id = $1 and c.contact_id = s.contact_id and c.status = 'bot'
        and c.answered_turn >= c.turn and c.last_inbound_at is not null and c.last_inbound_at <= $3
),
started as materialized (
    select w.lead_id, start_flow($1, 'reengagement', w.conversation_id, w.contact_id, json_build_object(
        'kind', 'went_silent', 'lastInboundAt', w.last_inbound_at, 'sentThisMonth', w.sent)) as flow_id
    from wanted w
    where w.sent < $4
),
marked as (
    update leads l set reengagement_status = 'running', updated_at = now()
    from started s
    where l.tenant_id = $1 and l.id = s.lead_id and s.flow_id is not null
)
select count(s.flow_id) from started s
