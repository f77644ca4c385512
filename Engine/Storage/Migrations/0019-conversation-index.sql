-- vellarys: no-transaction
-- A conversation is looked up by its channel and its customer with every message. An index of the channel alone looks
-- as good to a plan that is made while the table is small, and reads all the channel's conversations each time.
create index concurrently if not exists ix_conversations_channel_contact on conversations (channel_id, contact_id);

drop index concurrently if exists ix_conversations_channel;
