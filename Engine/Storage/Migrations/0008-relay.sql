-- Where the queue is a broker, rows are an outbox only: a relay leases them until the broker has them. Null in
-- Standalone, where the table is the queue itself.
alter table queue_messages add column relayed_until timestamptz;
