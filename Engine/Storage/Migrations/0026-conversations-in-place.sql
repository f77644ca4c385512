-- vellarys: no-transaction
-- A message changes nothing that an index of its conversation has: the row is updated in place.
create index concurrently if not exists ix_conversations_waiting_next on conversations (tenant_id)
    where status = 'waiting';
drop index concurrently if exists ix_conversations_waiting;
alter index if exists ix_conversations_waiting_next rename to ix_conversations_waiting;
