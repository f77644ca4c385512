-- Edits and revokes that came before their message: once more, for one that was recorded elsewhere in the same instant.
-- Those that have found it, or found none in 30 days, go. $1 tenant
delete from early_changes e
where e.tenant_id = $1
    and (e.created_at < now() - interval '30 days'
        or change_message(
            e.tenant_id, e.channel_id, e.external_id, e.kind, e.role, e.known, e.body, e.details, e.payload,
            e.sent_at))
