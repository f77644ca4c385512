-- Redrives what is overdue, later each time: the turn that the conversation stands at answers everything. One whose
-- message is still in the queue, or at work, gets no second one. After the last redrive a person is called.
-- $1 tenant, $2 ids for the queue, $3 how many redrives
with overdue as materialized (
    select k.tenant_id, k.conversation_id, k.turn, k.redrives
    from custody_cases k
    where k.tenant_id = $1 and k.next_redrive_at <= now()
    order by k.opened_at
    limit cardinality($2::uuid[])
    for update skip locked
),
due as materialized (
    select o.*, row_number() over () as n from overdue o
),
stood as (
    update custody_cases k set
        redrives = k.redrives + 1, next_redrive_at = now() + interval '1 minute' * power(2, least(k.redrives, 6))
    from due d
    where k.tenant_id = d.tenant_id and k.conversation_id = d.conversation_id and k.turn = d.turn
),
given_up as materialized (
    update conversations c set
        status = 'waiting', handoff_reason = 'assistant_unsure', answered_turn = c.turn, burst_started_at = null
    from due d
    join conversations o on o.tenant_id = d.tenant_id and o.id = d.conversation_id
    where c.tenant_id = d.tenant_id and c.id = d.conversation_id and c.status = 'bot' and d.redrives >= $3
        and c.answered_turn < d.turn
    returning c.tenant_id, c.id, c.turn, o.answered_turn + 1 as from_turn
),
failed as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
    select g.tenant_id, g.id, g.from_turn, g.turn, 'failed', 'never_answered' from given_up g
    on conflict do nothing
)
insert into queue_messages (id, queue, priority, tenant_id, subject, body)
select ($2::uuid[])[d.n], 'ai-response', 0, c.tenant_id, c.id::text,
    '{"v":1,"tenant":"' || c.tenant_id || '","conversation":"' || c.id || '","turn":' || c.turn || '}'
from due d
join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
where c.status = 'bot' and d.redrives < $3 and c.answered_turn < c.turn
    and not exists (
        select from queue_messages q
        where q.queue = 'ai-response' and q.tenant_id = c.tenant_id and q.subject = c.id::text)
