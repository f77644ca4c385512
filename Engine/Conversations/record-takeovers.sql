-- Echoes took the conversation over: what the bot had not sent yet stays unsent, and what it had not answered is
-- theirs.
-- $1 message ids of the echoes
with taken as materialized (
    select distinct c.tenant_id, c.id, c.epoch
    from messages m
    join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.id = any ($1) and m.created_at > now() - interval '1 day'
)
update deliveries d set state = 'cancelled', reason = 'taken_over', updated_at = now()
from taken t
where d.tenant_id = t.tenant_id and d.conversation_id = t.id and d.state = 'pending' and d.class = 'reply'
    and d.epoch < t.epoch
