-- Echoes took the conversation over: what the bot had not sent yet stays unsent, and what it had not answered is
-- theirs.
-- $1 message ids of the echoes
with taken as materialized (
    select distinct c.tenant_id, c.id, c.epoch
    from messages m
    join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.id = any ($1) and m.created_at > now() - interval '1 day'
),
-- An answer on the phone is an answer.
told as materialized (
    select signal_handoff(t.tenant_id, t.id, new_id(), json_build_object('kind', 'staff_replied')) from taken t
),
-- Sends in doubt are touched as well: whoever would put them back to pending waits for this transaction to end.
unsent as (
    update deliveries d set
        state = case when d.state = 'pending' then 'cancelled' else d.state end,
        reason = case when d.state = 'pending' then 'taken_over' else d.reason end,
        updated_at = case when d.state = 'pending' then now() else d.updated_at end
    from taken t
    where d.tenant_id = t.tenant_id and d.conversation_id = t.id and d.state in ('pending', 'sending', 'unknown')
        and d.class in ('reply', 'followup') and d.epoch < t.epoch
)
select count(*) from told
