-- $1 tenant, $2 channel, $3 provider message id, $4 message id sent as correlation, $5 highest receipt rank
-- (0 none, 1 sent, 2 delivered, 3 read, 4 played), $6 failed, $7 error code. A failure goes to message-delivery once
-- more, which tells staff.
with input as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::boolean[], $7::text[])
        as s (tenant_id, channel_id, provider_message_id, message_id, rank, failed, error_code)
),
-- By our own id where the provider returned it, else by the provider's.
target as materialized (
    select s.*, d.message_id as delivery_id
    from input s
    join deliveries d on d.tenant_id = s.tenant_id and d.message_id = s.message_id and d.channel_id = s.channel_id
    union all
    select s.*, d.message_id
    from input s
    join deliveries d on d.channel_id = s.channel_id and d.provider_message_id = s.provider_message_id
        and d.tenant_id = s.tenant_id
    where s.message_id is null
),
moved as materialized (
    update deliveries d set
        state = case
            when t.failed and d.receipt is null and t.rank < 2 then 'failed'
            when t.rank > 0 and not t.failed and (d.state in ('pending', 'sending', 'unknown')
                or d.state = 'failed' and (t.rank > 1 or d.reason not like 'provider:%')) then 'sent'
            else d.state end,
        reason = case
            when t.failed and d.receipt is null and t.rank < 2 then 'provider:' || coalesce(t.error_code, 'failed')
            else d.reason end,
        -- Staff hears of a failure once; one that turns out to have arrived is none.
        untold = case
            when t.failed and d.receipt is null and t.rank < 2 then d.untold or d.state <> 'failed'
            when t.rank > 1 then false
            else d.untold end,
        receipt = case greatest(
            t.rank, case d.receipt when 'delivered' then 2 when 'read' then 3 when 'played' then 4 else 0 end)
            when 2 then 'delivered' when 3 then 'read' when 4 then 'played' else d.receipt end,
        provider_message_id = coalesce(d.provider_message_id, t.provider_message_id),
        updated_at = now()
    from target t
    where d.tenant_id = t.tenant_id and d.message_id = t.delivery_id
    returning d.tenant_id, d.conversation_id, d.message_id, d.untold
),
told as materialized (
    select enqueue(new_id(), 'message-delivery', f.tenant_id, f.message_id::text,
            delivery_due(f.tenant_id, f.message_id)),
        pg_notify('vellarys_queue', 'message-delivery')
    from (select distinct m.tenant_id, m.message_id from moved m where m.untold) f
)
select m.tenant_id, m.conversation_id, (select count(*) from told) from moved m
