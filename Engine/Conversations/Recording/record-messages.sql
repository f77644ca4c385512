-- Records a set of messages in one statement: receipt, place in the conversation, turn, outcome where nobody needs to
-- answer, and the ai-response messages that will. record-lock.sql has locked the conversations, so their rows stand
-- still and are updated by their place (ctid): the plan does not depend on statistics that a young database does not
-- have.
-- $1 ordinal, $2 tenant, $3 channel, $4 event id, $5 kind (M message, N notice, C edit or
-- revoke, E echo), $6 identity kind, $7 value,
-- $8 second kind, $9 second value, $10 raw address, $11 message id, $12 type, $13 text, $14 raw, $15 sent at,
-- $16 received at, $17 ai-response id, $18 quiet ms, $19 cap ms, $20 messages a minute, $21 opts out, $22 traceparent,
-- $23 leases to give, $24 lease owner, $25 lease length, $26 refers to, $27 details, $28 minutes after which the phone
-- gives back, 0 for never
with people as materialized (
    select m.*,
        coalesce(
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind and i.value = m.value),
            (select i.contact_id from identities i
             where i.tenant_id = m.tenant_id and i.kind = m.kind2 and i.value = m.value2)) as contact_id
    from unnest(
        $1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[],
        $17::uuid[], $18::int[], $19::int[], $20::int[], $21::boolean[], $22::text[], $26::text[], $27::text[],
        $28::int[])
        as m (ord, tenant_id, channel_id, event_id, what, kind, value, kind2, value2, address, message_id, type, text,
            raw, sent_at, received_at, ai_id, quiet_ms, cap_ms, per_minute, opts_out, trace_parent,
            refers_to, details, phone_minutes)
),
input as materialized (
    select p.*, o.id as conversation_id, o.answered_turn, o.turn > o.answered_turn as is_open, o.tid,
        o.phone_is_quiet, o.phone_is_quiet and phone_left_waiting(p.tenant_id, o.id) as left_waiting
    from people p
    cross join lateral (
        (select c.id, c.answered_turn, c.turn, c.ctid as tid,
             c.status = 'human' and p.phone_minutes > 0 and coalesce(
                 least(c.phone_at, c.last_message_at) + p.phone_minutes * interval '1 minute' <= now()
                 and c.phone_at is not null, false) as phone_is_quiet
         from conversations c
         where c.tenant_id = p.tenant_id and c.channel_id = p.channel_id and c.contact_id = p.contact_id
             and c.status <> 'closed'
         limit 1)
        union all
        -- What wants no answer opens no conversation: it stands in the last one.
        (select c.id, c.answered_turn, c.turn, c.ctid, false
         from conversations c
         where p.what in ('N', 'C') and p.type <> 'call' and c.tenant_id = p.tenant_id
             and c.channel_id = p.channel_id and c.contact_id = p.contact_id and c.status = 'closed'
         order by c.created_at desc
         limit 1)
        limit 1
    ) o
),
fresh as materialized (
    insert into receipts (tenant_id, channel_id, provider_message_id, kind, message_id, outcome, received_at)
    select i.tenant_id, i.channel_id, i.event_id, case i.what when 'C' then 'N' else i.what end,
        -- What we sent ourselves and hear of again was not typed on the phone: a receipt, and nothing else.
        case when i.what <> 'E' or (
            select d.message_id from deliveries d
            where d.tenant_id = i.tenant_id and d.channel_id = i.channel_id and d.provider_message_id = i.event_id
            limit 1) is null
        then i.message_id end,
        case when i.what in ('N', 'C') then 'ignored:' || i.type when i.what = 'E' then 'echo' end, i.received_at
    from input i
    order by i.channel_id, i.event_id
    on conflict do nothing
    returning message_id
),
numbered as materialized (
    select i.*,
        row_number() over conversation as n,
        count(*) filter (where i.asks) over conversation as t
    from (
        -- What changes a message of a turn that is still open makes another turn of it: an answer to the old words that
        -- is on its way is not the one to give any more.
        select i.*, i.what = 'M' or i.what = 'C' and (i.is_open
            or bool_or(i.what = 'M') over (partition by i.conversation_id)) as asks
        from input i
        join fresh f on f.message_id = i.message_id
    ) i
    window conversation as (partition by i.conversation_id order by i.ord)
),
sums as materialized (
    select n.tenant_id, n.conversation_id, n.tid, n.answered_turn as answered_before,
        count(*) as messages,
        count(*) filter (where n.asks) as turns,
        coalesce(bool_or(n.asks and n.type in ('edit', 'revoke')), false) as reworded,
        bool_or(n.what = 'E') as taken_over,
        -- Who answered on the phone has been silent for long: the bot answers whoever writes now.
        bool_or(n.what = 'M') and not bool_or(n.what = 'E') and bool_or(n.phone_is_quiet) as given_back,
        -- But not whoever wrote meanwhile and was left without a word: a person is called.
        bool_or(n.left_waiting) as left_waiting,
        coalesce(bool_or(n.opts_out), false) as opts_out,
        -- The window in which the provider lets us answer: a clock that is ahead does not lengthen it.
        max(least(n.sent_at, n.received_at)) filter (where n.what = 'M' or n.type = 'call') as last_inbound_at,
        (array_agg(n.address order by n.ord desc) filter (where n.what <> 'E'))[1] as address,
        (array_agg(n.ai_id order by n.ord desc))[1] as ai_id,
        (array_agg(n.trace_parent order by n.ord desc))[1] as trace_parent,
        max(n.quiet_ms) * interval '1 ms' as quiet,
        max(n.cap_ms) * interval '1 ms' as cap,
        max(n.per_minute) as per_minute
    from numbered n
    group by n.tenant_id, n.conversation_id, n.tid, n.answered_turn
),
moved as materialized (
    update conversations c set
        last_seq = c.last_seq + s.messages,
        turn = c.turn + s.turns,
        answered_turn = case
            when s.taken_over or s.left_waiting or c.status <> 'bot' and not s.given_back then c.turn + s.turns
            else c.answered_turn end,
        -- Past the cap nothing more joins the burst: its last turn is sealed and answered as it stands. Not where the
        -- customer changed the words of it: then the new turn answers all that is open.
        sealed_turn = case
            when s.reworded then null
            when s.turns > 0 and c.turn > c.answered_turn and coalesce(c.sealed_turn, 0) <= c.answered_turn
                and c.burst_started_at + s.cap <= now()
                and not (c.window_started_at + interval '1 minute' > now() and s.per_minute > 0
                    and c.window_count - (c.turn - c.answered_turn) >= s.per_minute)
            then c.turn else c.sealed_turn end,
        burst_started_at = case
            when s.turns = 0 then c.burst_started_at
            when c.burst_started_at is null or c.burst_started_at + s.cap <= now() then now()
            else c.burst_started_at end,
        window_started_at = case
            when s.turns > 0 and coalesce(c.window_started_at + interval '1 minute' <= now(), true) then now()
            else c.window_started_at end,
        window_count = case
            when coalesce(c.window_started_at + interval '1 minute' <= now(), true) then s.turns
            else c.window_count + s.turns end,
        status = case
            when s.taken_over then 'human'
            when s.given_back then case when s.left_waiting then 'waiting' else 'bot' end
            else c.status end,
        handoff_reason = case when s.given_back and s.left_waiting then 'phone_silent' else c.handoff_reason end,
        epoch = case when s.taken_over or s.given_back then c.epoch + 1 else c.epoch end,
        bot_attempts = case when s.given_back then 0 else c.bot_attempts end,
        -- What staff has taken on a page stays theirs, whatever is typed on the phone.
        phone_at = case
            when s.given_back then null
            when s.taken_over and (c.status <> 'human' or c.phone_at is not null) then now()
            else c.phone_at end,
        -- Whoever was only asked did not take it.
        user_id = case when s.taken_over and c.status = 'waiting' then null else c.user_id end,
        reply_to = coalesce(s.address, c.reply_to),
        last_inbound_at = greatest(c.last_inbound_at, s.last_inbound_at),
        last_message_at = case when c.status = 'closed' then c.last_message_at else now() end,
        listed_at = case when c.status = 'closed' then c.listed_at else listed_at(now()) end
    from sums s
    where c.ctid = s.tid
    returning c.tenant_id, c.id, c.channel_id, c.contact_id, c.lead_id, c.status, c.turn, c.last_seq, c.priority,
        s.messages, s.turns, s.answered_before, s.ai_id, s.trace_parent, s.opts_out, clock_timestamp() as at,
        -- What is still open costs one answer, however many messages it came in: they do not count against it.
        case
            when s.per_minute > 0 and c.window_count - (c.turn - c.answered_turn) >= s.per_minute
            then c.window_started_at + interval '1 minute'
            -- The pause begins where the message is in the books: a slow transaction does not eat it.
            when s.quiet > interval '0' then least(clock_timestamp() + s.quiet, c.burst_started_at + s.cap)
            else least(now(), c.burst_started_at + s.cap)
        end as due_at
),
stored as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, turn, role, kind, body, external_id,
        payload, sent_at, received_at, created_at, refers_to, details, edited_at, withdrawn_at)
    select n.tenant_id, n.message_id, m.id, m.lead_id, n.channel_id, m.last_seq - m.messages + n.n,
        case when n.what = 'M' then m.turn - m.turns + n.t end,
        case when n.what = 'E' then 'atendente' else 'cliente' end,
        n.type, case when w.kind is null then n.text else w.body end, n.event_id,
        case when w.kind is null then n.raw else w.payload end, n.sent_at, n.received_at,
        m.at + n.n * interval '1 microsecond', n.refers_to,
        case when w.kind is null then n.details else w.details end,
        case when w.kind = 'edit' then w.sent_at end, case when w.kind = 'revoke' then w.sent_at end
    from numbered n
    join moved m on m.id = n.conversation_id
    -- Changed before it came.
    left join lateral (
        select e.kind, e.body, e.details, e.payload, e.sent_at
        from early_changes e
        where e.tenant_id = n.tenant_id and e.channel_id = n.channel_id and e.external_id = n.event_id
            and (n.what = 'E' and e.role = 'atendente'
                or n.what <> 'E' and e.role = 'cliente' and (n.value = any (e.known) or n.value2 = any (e.known)))
        order by e.kind desc
        limit 1
    ) w on true
),
-- Somebody is in charge, or waited for: they answer, and that is the outcome.
attended as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason)
    select m.tenant_id, m.id, m.answered_before + 1, m.turn, 'handed_off', m.status
    from moved m
    where m.turn > m.answered_before and m.status <> 'bot'
),
active as (
    update leads l set last_activity_at = now()
    from moved m
    cross join lateral (
        select s.ctid as tid, s.last_activity_at from leads s
        where s.tenant_id = m.tenant_id and s.id = m.lead_id
        limit 1
    ) s
    where l.ctid = s.tid and s.last_activity_at < now() - interval '1 minute'
),
opted_out as (
    update contacts p set
        opted_out_at = case when n.opts_out then coalesce(p.opted_out_at, now()) end, opted_by = n.message_id,
        updated_at = now()
    from (
        select distinct on (o.tenant_id, o.contact_id) o.tenant_id, o.contact_id, o.opts_out, o.message_id,
            bool_or(o.opts_out) over (partition by o.tenant_id, o.contact_id) as left_before
        from numbered o
        where o.opts_out is not null
        order by o.tenant_id, o.contact_id, o.sent_at desc, o.ord desc
    ) n
    where p.tenant_id = n.tenant_id and p.id = n.contact_id
        -- "Voltar" of somebody who never left is no wish.
        and (n.left_before or p.opted_out_at is not null)
),
wanted as materialized (
    select m.*, m.due_at <= now() and row_number() over (order by m.due_at <= now() desc) <= $23::int as leased
    from moved m
    where m.turns > 0 and m.status = 'bot'
),
queued as (
    insert into queue_messages (id, queue, priority, due_at, attempts, locked_by, tenant_id, subject, body,
        trace_parent)
    select w.ai_id, 'ai-response', w.priority,
        case when w.leased then now() + $25::interval else w.due_at end,
        case when w.leased then 1 else 0 end,
        case when w.leased then $24::uuid end,
        w.tenant_id, w.id::text,
        '{"v":1,"tenant":"' || w.tenant_id || '","conversation":"' || w.id || '","turn":' || w.turn || '}',
        w.trace_parent
    from wanted w
),
-- Flows that listen hear of it in the same instant. Mostly there is none: one look into an index.
heard as materialized (
    select customer_wrote(m.tenant_id, f.id, m.id, m.turn, m.opts_out)
    from moved m
    cross join lateral (
        select f.id from flows f
        where f.tenant_id = m.tenant_id and f.contact_id = m.contact_id and f.ended_at is null
            and f.listens <> 'nothing'
        limit 4
    ) f
    where m.turns > 0
),
-- The tenants' own systems, where any wants to know. Mostly none does: one look into an index for the set.
told as materialized (
    select record_webhook_event(
        n.tenant_id, 'message.received', m.id,
        jsonb_build_object('messageId', n.message_id, 'channelId', n.channel_id, 'contactId', m.contact_id,
            'leadId', m.lead_id, 'messageSeq', m.last_seq - m.messages + n.n, 'kind', n.type,
            'providerMessageId', n.event_id, 'sentAt', n.sent_at),
        n.message_id, m.at + n.n * interval '1 microsecond')
    from webhook_audience($2, 'message.received') as t (tenant_id)
    join numbered n on n.tenant_id = t.tenant_id and n.what = 'M'
    join moved m on m.id = n.conversation_id
    order by n.ord
)
select m.tenant_id, m.id, m.turn, m.ai_id, w.id is not null as queued, m.priority, m.trace_parent,
    case when w.due_at > now() then w.due_at end as not_before, (select count(*) from heard),
    (select count(*) from told)
from moved m
left join wanted w on w.id = m.id
order by w.leased desc nulls last
