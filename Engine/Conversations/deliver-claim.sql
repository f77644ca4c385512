-- Claims a set of messages for sending. A claim succeeds only while the message is pending, everything before it in the
-- conversation is settled, and, for a bot's reply, nobody took the conversation over since it was written.
-- $1 ordinal, $2 tenant, $3 message, $4 claim id
with input as materialized (
    select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[]) as i (ord, tenant_id, message_id, claim_id)
),
claimed as (
    update deliveries d set
        state = 'sending', claim_id = i.claim_id, claimed_at = now(), resent = d.sends > 0, sends = d.sends + 1,
        updated_at = now()
    from input i, conversations c
    where d.tenant_id = i.tenant_id and d.message_id = i.message_id and d.state = 'pending'
        and c.tenant_id = d.tenant_id and c.id = d.conversation_id
        and (d.class <> 'reply' or d.epoch = c.epoch)
        and not exists (
            select from deliveries p
            where p.tenant_id = d.tenant_id and p.conversation_id = d.conversation_id and p.seq < d.seq
                and p.state in ('pending', 'sending', 'unknown'))
    returning d.tenant_id, d.message_id, d.sends
)
select i.ord, k.sends, d.state, d.class, d.conversation_id, d.channel_id, c.reply_to, m.body,
    c.last_inbound_at > now() - interval '24 hours' as in_window, m.created_at < now() - interval '24 hours' as is_old
from input i
join deliveries d on d.tenant_id = i.tenant_id and d.message_id = i.message_id
join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
join messages m on m.id = d.message_id and m.created_at = d.message_created_at and m.tenant_id = d.tenant_id
left join claimed k on k.tenant_id = d.tenant_id and k.message_id = d.message_id
