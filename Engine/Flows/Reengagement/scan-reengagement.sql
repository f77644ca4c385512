-- Starts a flow for each customer who went silent, and marks the lead so that the next scan passes over it. Whoever has
-- a person anywhere is left alone; a contact with several conversations gets one flow, in the one that is the freshest.
-- A state at a time, so that ix_leads_reengagement is read in its order: most of whoever is silent has a flow already,
-- and those (running) are not read at all. That a lead is open is said in a way that offers no plan ix_leads_active,
-- which looks as good and has them all.
-- $1 tenant, $2 and $3 when they were last active, $4 how many messages a month, $5 rows
with silent as materialized (
    select l.*
    from (values ('none'), ('recovered'), ('lost')) as free (state)
    cross join lateral (
        select l.id as lead_id, l.contact_id, c.id as conversation_id, c.last_inbound_at, l.last_activity_at
        from leads l
        cross join lateral (
            select from contacts p
            where p.tenant_id = l.tenant_id and p.id = l.contact_id and p.opted_out_at is null and p.status = 'active'
            limit 1
        ) p
        cross join lateral (
            select c.id, c.last_inbound_at
            from conversations c
            where c.tenant_id = l.tenant_id and c.contact_id = l.contact_id and c.status = 'bot'
                and c.answered_turn >= c.turn and c.last_inbound_at <= $3
            order by c.last_inbound_at desc
            limit 1
        ) c
        where l.tenant_id = $1 and l.reengagement_status = free.state and l.status not in ('won', 'lost')
            and l.last_activity_at > $2 and l.last_activity_at <= $3
            and (l.deleted_at is null or l.last_activity_at > l.deleted_at)
            -- Given up once, and back since then.
            and (free.state <> 'lost' or l.last_activity_at > l.updated_at)
            and not exists (
                select from conversations o
                where o.tenant_id = l.tenant_id and o.contact_id = l.contact_id and o.status in ('waiting', 'human'))
        order by l.last_activity_at
        limit $5
        for no key update of l skip locked
    ) l
    order by l.last_activity_at
    limit $5
),
wanted as materialized (
    select s.*,
        (select count(*) from flows f
            join flow_events e on e.tenant_id = f.tenant_id and e.flow_id = f.id and 'Nudge' = any (e.commands)
            where f.tenant_id = $1 and f.contact_id = s.contact_id and f.name = 'reengagement'
                and f.created_at > $3 - interval '60 days' and e.happened_at > $3 - interval '30 days') as sent
    from silent s
),
started as materialized (
    select w.lead_id, start_flow($1, 'reengagement', w.conversation_id, w.contact_id, json_build_object(
        'kind', 'went_silent', 'lastInboundAt', w.last_inbound_at, 'sentThisMonth', w.sent), 'message') as flow_id
    from wanted w
    where w.sent < $4
),
marked as (
    update leads l set reengagement_status = 'running', updated_at = now()
    from started s
    where l.tenant_id = $1 and l.id = s.lead_id and s.flow_id is not null
)
select count(s.flow_id) from started s
