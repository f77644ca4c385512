-- Writes down what a set of sends led to, each only while its own claim holds: a claim that was given up as unknown may
-- still report that it was sent, also while its message waits to be sent again.
-- $1 tenant, $2 message, $3 claim id, $4 state, $5 provider message id, $6 reason
with outcome as materialized (
    select o.*, d.tid
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
        as o (tenant_id, message_id, claim_id, state, provider_message_id, reason)
    cross join lateral (
        select d.ctid as tid
        from deliveries d
        where d.tenant_id = o.tenant_id and d.message_id = o.message_id and d.claim_id = o.claim_id
            and (d.state in ('sending', 'unknown') or o.state = 'sent' and d.state = 'pending')
        limit 1
        for no key update
    ) d
)
update deliveries d set
    (state, reason, untold) = (
        select case when f.fails then 'failed' else o.state end,
            case when f.fails then 'provider:' || d.failed_send[2] else o.reason end,
            f.fails or o.state = 'failed'
        -- Its provider may have said meanwhile that just this send failed.
        from (select o.state = 'sent' and coalesce(d.failed_send[1] = o.provider_message_id, false) as fails) f),
    provider_message_id = coalesce(o.provider_message_id, d.provider_message_id),
    sends = case when o.state = 'pending' then d.sends - 1 else d.sends end,
    updated_at = now()
from outcome o
-- The row is locked in the state that it was found in.
where d.tenant_id = o.tenant_id and d.message_id = o.message_id and d.claim_id = o.claim_id
