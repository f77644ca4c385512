-- $1 tenant, $2 channel, $3 provider message id, $4 message id sent as correlation, $5 highest receipt rank
-- (0 none, 1 sent, 2 delivered, 3 read, 4 played), $6 failed, $7 error code. A failure goes to message-delivery once
-- more, which tells staff. A message may have been sent twice, and the provider reports on both.
with input as materialized (
    select s.*, s.failed and s.rank < 2 as lost
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::boolean[], $7::text[])
        as s (tenant_id, channel_id, provider_message_id, message_id, rank, failed, error_code)
),
-- By our own id where the provider returned it, else by the provider's.
named as materialized (
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
-- One row a delivery: its sends that failed, and how far the others came.
target as materialized (
    select n.tenant_id, n.delivery_id,
        coalesce(max(n.rank) filter (where not n.lost), 0) as rank,
        (array_agg(n.provider_message_id order by n.rank desc) filter (where not n.lost))[1] as provider_message_id,
        coalesce(array_agg(n.provider_message_id) filter (where n.lost), '{}') as lost,
        coalesce(max(n.error_code) filter (where n.lost), 'failed') as error_code
    from named n
    group by n.tenant_id, n.delivery_id
),
-- What failed is the delivery where it was its only send, or the one that was taken. Where that is not known yet the
-- end of the send decides (deliver-settle.sql).
moved as materialized (
    update deliveries d set
        (state, reason, untold) = (
            select
                case
                    when f.fails then 'failed'
                    when t.rank > 1 and d.state in ('pending', 'sending', 'unknown', 'failed') then 'sent'
                    when t.rank = 1 and d.failed_send[1] is distinct from t.provider_message_id
                        and (d.state in ('pending', 'sending', 'unknown')
                            or d.state = 'failed' and d.reason not like 'provider:%') then 'sent'
                    else d.state end,
                case when f.fails then 'provider:' || t.error_code else d.reason end,
                -- Staff hears of a failure once; one that turns out to have arrived is none.
                case when f.fails then d.untold or d.state <> 'failed' when t.rank > 1 then false else d.untold end
            from (
                select t.rank = 0 and t.lost <> '{}' and d.receipt is null
                    and (d.sends <= 1 or d.provider_message_id = any (t.lost)) as fails
            ) f),
        failed_send = case
            when t.lost <> '{}' and d.sends > 1 and d.provider_message_id is null
            then array[t.lost[1], t.error_code] else d.failed_send end,
        receipt = case greatest(
            t.rank, case d.receipt when 'delivered' then 2 when 'read' then 3 when 'played' then 4 else 0 end)
            when 2 then 'delivered' when 3 then 'read' when 4 then 'played' else d.receipt end,
        provider_message_id = coalesce(
            d.provider_message_id, t.provider_message_id, case when d.sends <= 1 then t.lost[1] end),
        updated_at = now()
    from target t
    where d.tenant_id = t.tenant_id and d.message_id = t.delivery_id
    returning d.tenant_id, d.conversation_id, d.message_id, d.untold
),
told as materialized (
    select enqueue(new_id(), 'message-delivery', f.tenant_id, f.message_id::text,
            delivery_due(f.tenant_id, f.message_id)),
        pg_notify('vellarys_queue', 'message-delivery')
    from moved f
    where f.untold
)
select m.tenant_id, m.conversation_id, (select count(*) from told) from moved m
