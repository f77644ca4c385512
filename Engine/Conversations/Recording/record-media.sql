-- What was recorded just now and came with a file: not second copies, and not what was taken back before it came.
-- $1 tenant, $2 channel, $3 event id, $4 message id, $5 media id, $6 kind, $7 mime type, $8 file name, $9 bytes,
-- $10 reference, $11 voice, $12 view once
select keep_media(n.tenant_id, n.media_id, n.channel_id, n.message_id, n.kind, n.mime_type, n.file_name, n.size_bytes,
        n.reference, n.is_voice, n.is_view_once),
    pg_notify('vellarys_queue', 'image-analysis')
from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bigint[],
    $10::text[], $11::boolean[], $12::boolean[])
    as n (tenant_id, channel_id, event_id, message_id, media_id, kind, mime_type, file_name, size_bytes, reference,
        is_voice, is_view_once)
join receipts r on r.tenant_id = n.tenant_id and r.channel_id = n.channel_id and r.provider_message_id = n.event_id
    and r.message_id = n.message_id
where not exists (
    select from messages m
    where m.id = n.message_id and m.created_at > now() - interval '1 day' and m.withdrawn_at is not null)
