-- Redrives what is overdue, later each time: the turn that the conversation stands at answers everything. One whose
-- message is still in the queue, or at work, gets no second one. Returns what is to be given up: after the last
-- redrive, or at once where the very message of the turn lies among the dead letters and no other one waits.
-- $1 tenant, $2 ids for the queue, $3 how many redrives
with overdue as materialized (
    select k.tenant_id, k.conversation_id, k.turn, k.redrives, k.redrives >= $3
            or not is_queued(k.tenant_id, 'ai-response', k.conversation_id::text)
            and is_dead(
                k.tenant_id, 'ai-response', k.conversation_id::text,
                turn_due(k.tenant_id, k.conversation_id, (
                    select c.turn from conversations c where c.tenant_id = k.tenant_id and c.id = k.conversation_id)),
                k.opened_at - interval '1 hour')
            as is_hopeless
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
again as materialized (
    select enqueue(($2::uuid[])[d.n], 'ai-response', c.tenant_id, c.id::text, turn_due(c.tenant_id, c.id, c.turn), 0)
    from due d
    join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
    where c.status = 'bot' and not d.is_hopeless and c.answered_turn < c.turn
        and not is_queued(c.tenant_id, 'ai-response', c.id::text)
)
select distinct c.id, c.turn
from due d
join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
where c.status = 'bot' and d.is_hopeless and c.answered_turn < d.turn
union all
-- A row without a conversation for each that is redriven: what nothing reads is not carried out.
select null, null from again
