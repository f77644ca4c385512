-- What came in since a time, and what became of it. A message's outcome is that of the turns row that covers its turn;
-- a reply counts once it was sent, fails visibly if it was not, and is open until then. $1 tenant, $2 since
with came as materialized (
    select r.kind, r.outcome, r.message_id, r.received_at
    from receipts r
    where r.tenant_id = $1 and r.recorded_at >= $2
),
spoken as materialized (
    select t.outcome, t.reply_id, d.state
    from came r
    left join messages m on m.tenant_id = $1 and m.id = r.message_id and m.created_at >= $2 - interval '1 day'
    left join lateral (
        select t.outcome, t.reply_id
        from turns t
        where t.tenant_id = $1 and t.conversation_id = m.conversation_id and t.to_turn >= m.turn
        order by t.to_turn
        limit 1
    ) t on true
    left join deliveries d on d.tenant_id = $1 and d.message_id = t.reply_id
    where r.kind = 'M'
),
judged as (
    select case
        when s.outcome is null then 'open'
        when s.outcome = 'handed_off' then 'handed_off'
        when s.outcome <> 'replied' then s.outcome
        when s.state = 'sent' then 'replied'
        when s.state = 'failed' then 'failed'
        when s.state = 'cancelled' then 'handed_off'
        else 'open' end as outcome
    from spoken s
    union all
    select 'ignored' from came r where r.kind <> 'M'
)
select count(*),
    count(*) filter (where outcome = 'replied'),
    count(*) filter (where outcome = 'handed_off'),
    count(*) filter (where outcome = 'ignored'),
    count(*) filter (where outcome = 'failed'),
    count(*) filter (where outcome = 'open')
from judged
