-- Where each conversation stands. $1 ordinal, $2 tenant, $3 conversation
select i.ord, c.status, c.epoch, c.turn, c.answered_turn, c.sealed_turn, c.waited_long, c.bot_attempts, c.summary,
    c.summary_seq, c.channel_id, p.name
from unnest($1::int[], $2::uuid[], $3::uuid[]) as i (ord, tenant_id, conversation_id)
cross join lateral (
    select c.*, c.burst_started_at < now() - interval '1 minute' as waited_long
    from conversations c
    where c.tenant_id = i.tenant_id and c.id = i.conversation_id
    limit 1
) c
cross join lateral (
    select p.name from contacts p where p.tenant_id = c.tenant_id and p.id = c.contact_id limit 1
) p
