-- Commits a set of answers in one statement: each only if its turn is still the one to answer, the bot is still in
-- charge and nobody took over meanwhile. Then: the reply, its delivery and queue message, the turn's outcome, the lead.
-- $1 ordinal, $2 tenant, $3 conversation, $4 turn, $5 epoch, $6 message id, $7 reply, $8 handoff reason, $9 helped,
-- $10 summary, $11 source, $12 intent, $13 sentiment, $14 qualification, $15 score, $16 fields, $17 model,
-- $18 input tokens, $19 output tokens, $20 model calls, $21 latency ms, $22 delivery queue id, $23 outcome reason,
-- $24 traceparent, $25 leases to give, $26 lease owner, $27 lease length
with input as materialized (
    select * from unnest(
        $1::int[], $2::uuid[], $3::uuid[], $4::bigint[], $5::int[], $6::uuid[], $7::text[], $8::text[], $9::boolean[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::text[], $17::text[],
        $18::int[], $19::int[], $20::int[], $21::int[], $22::uuid[], $23::text[], $24::text[])
        as a (ord, tenant_id, conversation_id, turn, epoch, message_id, reply, handoff, helped, summary, source, intent,
            sentiment, qualification, score, fields, model, input_tokens, output_tokens, model_calls, latency_ms,
            queue_id, reason, trace_parent)
),
-- answer-lock.sql has locked the rows: they stand still, and are updated by their place. One answer a conversation.
valid as materialized (
    select distinct on (i.conversation_id) i.*, c.tid, c.answered_turn
    from input i
    cross join lateral (
        select s.ctid as tid, s.answered_turn, s.status, s.epoch, s.turn, s.sealed_turn
        from conversations s
        where s.tenant_id = i.tenant_id and s.id = i.conversation_id
        limit 1
    ) c
    where c.status = 'bot' and c.epoch = i.epoch and c.answered_turn < i.turn
        and (c.turn = i.turn or c.sealed_turn = i.turn)
    order by i.conversation_id, i.turn desc
),
answered as materialized (
    update conversations c set
        answered_turn = case when i.handoff is null then i.turn else c.turn end,
        burst_started_at = case when c.turn = i.turn then null else c.burst_started_at end,
        last_seq = c.last_seq + 1,
        last_message_at = now(),
        listed_at = listed_at(now()),
        status = case when i.handoff is null then c.status else 'waiting' end,
        handoff_reason = coalesce(i.handoff, c.handoff_reason),
        bot_attempts = case when i.helped then 0 else c.bot_attempts + 1 end,
        summary = coalesce(i.summary, c.summary),
        summary_seq = case when i.summary is null then c.summary_seq else c.last_seq end
    from valid i
    where c.ctid = i.tid
    returning c.tenant_id, c.id, c.channel_id, c.lead_id, c.last_seq, c.epoch, c.priority, i.ord,
        c.answered_turn as to_turn, i.answered_turn + 1 as from_turn, clock_timestamp() as at
),
replied as (
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, created_at)
    select a.tenant_id, i.message_id, a.id, a.lead_id, a.channel_id, a.last_seq, 'bot', 'text', i.reply, a.at
    from answered a
    join input i on i.ord = a.ord
),
pending as (
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class)
    select a.tenant_id, i.message_id, a.at, a.id, a.channel_id, a.last_seq, a.epoch, 'reply'
    from answered a
    join input i on i.ord = a.ord
),
closed as (
    insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason, reply_id, reply_created_at,
        source, intent, sentiment, qualification, handoff_reason, model, input_tokens, output_tokens, model_calls,
        latency_ms)
    select a.tenant_id, a.id, a.from_turn, a.to_turn, case when i.handoff is null then 'replied' else 'handed_off' end,
        i.reason, i.message_id, a.at, i.source, i.intent, i.sentiment, i.qualification, i.handoff, i.model,
        i.input_tokens, i.output_tokens, i.model_calls, i.latency_ms
    from answered a
    join input i on i.ord = a.ord
),
qualified as (
    update leads l set
        qualification = case when i.qualification = 'unknown' then l.qualification else i.qualification end,
        score = case when i.qualification = 'unknown' then l.score else i.score end,
        custom_data = case when i.fields is null then l.custom_data else l.custom_data || i.fields::jsonb end,
        updated_at = now()
    from answered a
    join input i on i.ord = a.ord
    cross join lateral (
        select s.qualification, s.score, s.custom_data
        from leads s
        where s.tenant_id = a.tenant_id and s.id = a.lead_id
        limit 1
    ) s
    where l.tenant_id = a.tenant_id and l.id = a.lead_id
        and (i.qualification <> 'unknown' and (s.qualification <> i.qualification or s.score <> i.score)
            or i.fields is not null and not s.custom_data @> i.fields::jsonb)
),
due as materialized (
    select a.*, row_number() over (order by a.ord) <= $25::int as leased
    from answered a
),
queued as (
    insert into queue_messages (id, queue, priority, due_at, attempts, locked_by, tenant_id, subject, body,
        trace_parent)
    select i.queue_id, 'message-delivery', d.priority,
        case when d.leased then now() + $27::interval else now() end,
        case when d.leased then 1 else 0 end,
        case when d.leased then $26::uuid end,
        d.tenant_id, i.message_id::text,
        '{"v":1,"tenant":"' || d.tenant_id || '","message":"' || i.message_id || '"}',
        i.trace_parent
    from due d
    join input i on i.ord = d.ord
)
select d.ord, d.priority
from due d
order by d.leased desc, d.ord
