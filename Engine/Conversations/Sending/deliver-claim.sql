-- Claims a set of messages for sending. A claim succeeds only while the message is pending, everything before it in the
-- conversation is settled, and, for what the bot says, nobody took the conversation over since it was written. A row
-- that changes meanwhile is simply not claimed: a takeover that cancels it always wins.
-- $1 ordinal, $2 tenant, $3 message, $4 claim id
with input as materialized (
    select i.ord, i.claim_id, d.*, c.epoch as current_epoch, c.reply_to,
        c.last_inbound_at > now() - interval '24 hours' as in_window
    from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[]) as i (ord, tenant_id, message_id, claim_id)
    cross join lateral (
        select d.ctid as tid, d.tenant_id, d.message_id, d.message_created_at, d.conversation_id, d.channel_id, d.seq,
            d.epoch, d.class, d.state, d.untold, d.reason
        from deliveries d
        where d.tenant_id = i.tenant_id and d.message_id = i.message_id
        limit 1
    ) d
    cross join lateral (
        select c.epoch, c.reply_to, c.last_inbound_at
        from conversations c
        where c.tenant_id = d.tenant_id and c.id = d.conversation_id
        limit 1
    ) c
),
claimed as materialized (
    update deliveries d set
        state = 'sending', claim_id = i.claim_id, claimed_at = now(), resent = d.sends > 0, sends = d.sends + 1,
        updated_at = now()
    from input i
    where d.ctid = i.tid and d.state = 'pending' and (i.class not in ('reply', 'followup') or i.epoch = i.current_epoch)
        and not exists (
            select from deliveries p
            where p.conversation_id = i.conversation_id and p.seq < i.seq
                and p.state in ('pending', 'sending', 'unknown')
                -- What the bot wrote before a takeover holds nobody up: it will never be sent.
                and not (p.state = 'pending' and p.class in ('reply', 'followup')
                    and p.epoch < i.current_epoch))
    returning i.ord, d.sends
)
select i.ord, k.sends, i.state, i.class, i.conversation_id, i.channel_id, i.reply_to, m.body, i.in_window,
    i.message_created_at < now() - interval '24 hours' as is_old, m.kind, m.payload, i.untold,
    i.reason, now() as at, m.refers_to
from input i
left join claimed k on k.ord = i.ord
cross join lateral (
    select m.body, m.kind, case when m.role <> 'cliente' then m.payload end as payload,
        m.refers_to
    from messages m
    where m.id = i.message_id and m.created_at = i.message_created_at
    limit 1
) m
