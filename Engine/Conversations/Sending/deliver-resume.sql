-- What a message that could not be claimed is waiting for. A send whose worker died may have gone out: it becomes
-- unknown and waits for its status webhook; after the wait a reply is sent once more, marked, and what we began
-- (a campaign message, a follow-up) never. $1 tenant, $2 message, $3 wait ms, $4 sends that may have gone out, at most,
-- $5 the same where the last of them was cut off by the end of its own worker, which says nothing of the provider
with seen as materialized (
    select d.tenant_id, d.message_id, d.state,
        d.epoch < c.epoch and d.class in ('reply', 'followup') as overtaken,
        d.updated_at + $3::double precision * interval '1 ms' - now() as wait_left,
        d.sends >= case when d.reason = 'interrupted' then $5::int else $4::int end
            or d.class in ('campaign', 'followup') as spent,
        -- A second send says so before it leaves (leaving): one that did not say so did not leave, and does not count.
        d.state = 'sending' and d.sends > 1 and d.reason is distinct from 'leaving' as stayed
    from deliveries d
    join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
    where d.tenant_id = $1 and d.message_id = $2
    for no key update of d
),
moved as (
    update deliveries d set
        state = case
            when s.state = 'pending' and s.overtaken then 'cancelled'
            when s.stayed then 'pending'
            when s.state = 'sending' then 'unknown'
            when s.state = 'unknown' and s.wait_left <= interval '0' then
                case when s.overtaken or s.spent then 'failed' else 'pending' end
            else s.state end,
        reason = case
            when s.state = 'pending' and s.overtaken then 'taken_over'
            when s.state = 'sending' then 'interrupted'
            when s.state = 'unknown' and s.wait_left <= interval '0' then
                case when s.overtaken or s.spent then 'unconfirmed' else d.reason end
            else d.reason end,
        untold = d.untold or s.state = 'unknown' and s.wait_left <= interval '0' and (s.overtaken or s.spent),
        sends = case when s.stayed then d.sends - 1 else d.sends end,
        updated_at = case
            when s.state = 'sending' or s.state = 'unknown' and s.wait_left <= interval '0' then now()
            -- A sign of life: whoever still comes to ask does not stand still.
            when s.state = 'pending' and d.updated_at < now() - interval '1 minute' then now()
            else d.updated_at end
    from seen s
    where d.tenant_id = s.tenant_id and d.message_id = s.message_id
    returning d.state, d.untold
)
select m.state, greatest(extract(epoch from s.wait_left) * 1000, 0)::bigint as wait_left_ms, m.untold
from moved m
cross join seen s
