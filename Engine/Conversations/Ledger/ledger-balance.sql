-- What came in since a time, counted by what LedgerOutcome judges from: what it is, the outcome of the turns row that
-- covers a message's turn, and the state of its reply. $1 tenant, $2 since
with came as materialized (
    select r.kind, r.outcome, r.message_id, r.received_at
    from receipts r
    where r.tenant_id = $1 and r.recorded_at >= $2
),
spoken as materialized (
    select t.outcome, d.state
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
)
select 'M', outcome, state, count(*) from spoken group by outcome, state
union all
select 'other', null, null, count(*) from came where kind <> 'M'
