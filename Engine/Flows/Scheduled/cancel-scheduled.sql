-- Takes a message back that is not claimed yet; its row is locked. $1 tenant, $2 id
with unsent as materialized (
    select u.message_id from unsend($1, $2, 'cancelled') as u (message_id)
)
update scheduled_messages s set status = 'cancelled', updated_at = now()
where s.tenant_id = $1 and s.id = $2
    and (s.status = 'scheduled' or s.status = 'queued' and exists (select from unsent))
returning s.id
