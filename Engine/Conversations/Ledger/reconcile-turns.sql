-- Looks at each message once, after the grace time, opens a case where its turn has no outcome, and closes the cases
-- that have one by now. $1 tenant, $2 grace
with mark as materialized (
    insert into custody_watermarks as w (tenant_id, checked_until)
    values ($1, now() - $2::interval)
    on conflict (tenant_id) do update set checked_until = greatest(excluded.checked_until, w.checked_until)
    returning checked_until
),
last as materialized (
    select coalesce((select w.checked_until from custody_watermarks w where w.tenant_id = $1), '-infinity') as at
),
opened as (
    insert into custody_cases (tenant_id, conversation_id, turn)
    select m.tenant_id, m.conversation_id, max(m.turn)
    from messages m
    join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id and c.answered_turn < m.turn
    where m.tenant_id = $1 and m.turn is not null
        and m.created_at >= (select at from last) - interval '10 seconds'
        and m.created_at < (select checked_until from mark)
    group by m.tenant_id, m.conversation_id
    on conflict do nothing
)
delete from custody_cases k
using conversations c
where k.tenant_id = $1 and c.tenant_id = k.tenant_id and c.id = k.conversation_id and c.answered_turn >= k.turn
