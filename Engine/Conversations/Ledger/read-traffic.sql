with seen as (
    select count(*) filter (where m.role = 'cliente') as came,
        min(m.created_at) filter (where m.role = 'cliente') as first
    from messages m
    where m.tenant_id = $1 and m.created_at >= $2 and m.created_at < $3
),
sends as (
    select count(*) filter (where d.state = 'sent') as sent, count(*) filter (where d.state = 'failed') as failed,
        count(*) filter (where d.resent) as resent
    from deliveries d
    where d.tenant_id = $1 and d.created_at >= $2 and d.created_at < $3
),
answers as (
    select count(*) filter (where t.outcome = 'replied') as replied,
        count(*) filter (where t.outcome = 'handed_off' or t.handoff_reason is not null) as handed,
        coalesce(sum(t.input_tokens::bigint + t.output_tokens), 0)::bigint as tokens,
        percentile_disc(0.5) within group (order by t.latency_ms) filter (where t.outcome = 'replied') as half,
        percentile_disc(0.95) within group (order by t.latency_ms) filter (where t.outcome = 'replied') as most
    from turns t
    where t.tenant_id = $1 and t.created_at >= $2 and t.created_at < $3
)
select i.came as "MessagesIn", i.first as "FirstMessageAt", o.sent as "MessagesOut", o.failed as "Failed",
    o.resent as "Resent", a.replied as "Replies", a.handed as "Handoffs", a.tokens as "ModelTokens",
    a.half as "AnswerP50Ms", a.most as "AnswerP95Ms",
    (select count(*) from conversations c
     where c.tenant_id = $1 and c.status = 'bot' and c.answered_turn < c.turn) as "Owed",
    (select count(*) from custody_cases c where c.tenant_id = $1) as "CustodyCases"
from seen i, sends o, answers a
