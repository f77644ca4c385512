-- $1 tenant, $2 name, $3 state, $4 conversation, $5 and $6 the place of the page before, $7 rows
select f.id as "Id", f.name as "Name", f.conversation_id as "ConversationId", f.version as "Version",
    f.outcome as "Outcome", f.fault as "Fault", f.faults::int as "Faults", f.restarts::int as "Restarts",
    f.wake_at as "WakeAt", f.created_at as "CreatedAt", f.advanced_at as "AdvancedAt", f.ended_at as "EndedAt"
from flows f
where f.tenant_id = $1
    and ($2::text is null or f.name = $2)
    and ($3::text is null or case $3
        when 'running' then f.ended_at is null
        when 'ended' then f.ended_at is not null
        else f.ended_at is null and (f.faults > 0 or f.restarts > 0) end)
    and ($4::uuid is null or f.conversation_id = $4)
    and ($5::timestamptz is null or (f.created_at, f.id) < ($5, $6))
order by f.created_at desc, f.id desc
limit $7
