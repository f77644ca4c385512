-- Where each conversation stands, and the flow that has asked this customer something on this channel, if any: not the
-- newest of several, because that order tempts the planner to go through all flows of the tenant.
-- $1 ordinal, $2 tenant, $3 conversation
select i.ord, c.status, c.epoch, c.turn, c.answered_turn, c.sealed_turn, c.waited_long, c.bot_attempts, c.summary,
    c.summary_seq, c.channel_id, p.name, f.id, f.name, f.state, c.in_window, p.opted_out_at is not null, p.opted_by,
    c.created_at
from unnest($1::int[], $2::uuid[], $3::uuid[]) as i (ord, tenant_id, conversation_id)
cross join lateral (
    select c.*, c.burst_started_at < now() - interval '1 minute' as waited_long,
        c.last_inbound_at > now() - interval '24 hours' as in_window
    from conversations c
    where c.tenant_id = i.tenant_id and c.id = i.conversation_id
    limit 1
) c
cross join lateral (
    select p.name, p.opted_out_at, p.opted_by
    from contacts p
    where p.tenant_id = c.tenant_id and p.id = c.contact_id
    limit 1
) p
left join lateral (
    select f.id, f.name, f.state::text as state
    from flows f
    cross join lateral (
        select a.channel_id from conversations a where a.tenant_id = f.tenant_id and a.id = f.conversation_id limit 1
    ) a
    where f.tenant_id = c.tenant_id and f.contact_id = c.contact_id and f.ended_at is null
        and f.listens <> 'nothing' and f.listens = 'answer' and a.channel_id = c.channel_id
    limit 1
) f on true
