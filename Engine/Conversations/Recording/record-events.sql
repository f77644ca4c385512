-- Events that are no messages: a receipt each; what we do not know is kept raw.
-- $1 tenant, $2 channel, $3 event id, $4 kind, $5 outcome, $6 raw, $7 received at
insert into receipts (tenant_id, channel_id, provider_message_id, kind, outcome, raw, received_at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
    as e (tenant_id, channel_id, event_id, kind, outcome, raw, received_at)
order by channel_id, event_id
on conflict do nothing
