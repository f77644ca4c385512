-- Every message of the set is in the books by now: this copy with its message, or an earlier one.
-- $1 channel, $2 event id, $3 message id, $4 tenant
select assert_all_recorded(
    count(*),
    count(*) filter (where r.message_id is distinct from i.message_id and r.provider_message_id is not null
        or exists (
            select from messages m
            where m.id = i.message_id and m.created_at > now() - interval '1 hour'
                and m.created_at < now() + interval '1 hour')))
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) as i (channel_id, event_id, message_id, tenant_id)
left join lateral (
    select t.provider_message_id, t.message_id
    from receipts t
    where t.tenant_id = i.tenant_id and t.channel_id = i.channel_id and t.provider_message_id = i.event_id
    limit 1
) r on true
