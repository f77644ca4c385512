-- Tells the conversation's handoff to look for somebody else; one that staff took from the bot gets its handoff here.
-- $1 tenant, $2 conversation, $3 team, $4 agent, $5 signal
with asked as materialized (
    select c.id, c.contact_id, c.status,
        case
            when $4::uuid is not null
                then exists (select from agents_at_work a where a.tenant_id = $1 and a.id = $4 and a.active)
            else exists (select from teams t where t.tenant_id = $1 and t.id = $3)
        end as known
    from conversations c
    where c.tenant_id = $1 and c.id = $2
    for no key update
),
started as materialized (
    select coalesce(
        (select f.id from flows f
         where f.tenant_id = $1 and f.conversation_id = a.id and f.name = 'handoff' and f.ended_at is null),
        start_flow($1, 'handoff', a.id, a.contact_id,
            json_build_object('kind', 'raised', 'reason', 'transferred', 'team', $3::uuid))) as flow_id
    from asked a
    where a.known and a.status in ('waiting', 'human')
),
told as materialized (
    select signal_flow($1, s.flow_id, $5,
        json_build_object('kind', 'transferred', 'team', $3::uuid, 'agent', $4::uuid))
    from started s
)
select a.status, a.known, (select count(*) from told)
from asked a
