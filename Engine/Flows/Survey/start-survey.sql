-- Starts the survey of a closed conversation. Not when the customer has written since, nor when a survey of this
-- customer began within thirty days, unless that one asked nothing. $1 tenant, $2 conversation
with closed as materialized (
    select c.id, c.contact_id, c.last_inbound_at,
    c.opted_out_at is not null or c.contact_status <> 'active' as opted_out,
        h.status = 'active' as channel_active
    from conversation_summaries c
    join channels h on h.tenant_id = c.tenant_id and h.id = c.channel_id
    where c.tenant_id = $1 and c.id = $2 and c.status = 'closed'
        -- The number was given up: whoever has it now was never here.
        and c.reply_to <> ''
        and not exists (
            select from conversation_summaries n
            where n.tenant_id = c.tenant_id and n.contact_id = c.contact_id and n.id <> c.id
                and (n.status <> 'closed' or n.created_at > c.closed_at))
        and not exists (
            select from flows f
            where f.tenant_id = c.tenant_id and f.contact_id = c.contact_id and f.name = 'survey'
                and f.created_at > now() - interval '30 days'
                and (f.outcome is null
                    or f.outcome not in ('off', 'opted_out', 'channel_stopped', 'window_closed')))
),
-- Whom the customer talked to last: the conversation itself forgets it when it is closed.
attended as materialized (
    select e.body ->> 'agent' as agent
    from flows f
    join flow_events e on e.tenant_id = f.tenant_id and e.flow_id = f.id
    where f.tenant_id = $1 and f.conversation_id = $2
        and e.body ->> 'kind' = 'charge_changed' and e.body ->> 'status' = 'human' and e.body ->> 'agent' is not null
    order by e.seq desc
    limit 1
)
select start_flow($1, 'survey', c.id, c.contact_id, json_build_object(
    'kind', 'closed', 'lastInboundAt', c.last_inbound_at, 'optedOut', c.opted_out, 'channelActive', c.channel_active,
    'agent', (select a.agent from attended a)), 'message')
from closed c
