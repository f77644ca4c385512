-- Files that came with messages, and those that staff sends. What is in them lies in the store of files; here is what
-- is known of each.

create table media (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    -- Whose provider has it, and what it came with or went out with; null for an upload that was not sent yet.
    channel_id uuid,
    message_id uuid,
    kind text not null check (kind in ('image', 'audio', 'video', 'document', 'sticker')),
    is_voice boolean not null default false,
    is_view_once boolean not null default false,
    -- As the provider or the uploader says until it is stored, then as its content says.
    mime_type text,
    file_name text,
    size_bytes bigint,
    sha256 bytea,
    -- By what the provider finds it; may be a secret address, and is forgotten once the file is here.
    reference text,
    state text not null check (state in ('waiting', 'stored', 'refused', 'gone', 'failed', 'deleted')),
    reason text,
    created_at timestamptz not null default clock_timestamp(),
    stored_at timestamptz,
    primary key (tenant_id, id)
);
create index ix_media_message on media (tenant_id, message_id) where message_id is not null;
-- What the hourly job looks for, each a few among many: what is old enough; what was taken back and still lies there;
-- uploads that nobody sent; what is still to be fetched.
create index ix_media_stored on media (tenant_id, stored_at) where state = 'stored';
create index ix_media_withdrawn on media (tenant_id) where state = 'deleted' and sha256 is not null;
create index ix_media_unsent on media (tenant_id, created_at) where message_id is null and state <> 'deleted';
create index ix_media_waiting on media (tenant_id, created_at) where state = 'waiting';
call protect_tenant_table('media');

create function media_due(tenant uuid, media uuid) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","media":"' || media || '"}' $$;

-- Channels/Media: a file came with a message that was just recorded; it is fetched next.
create function keep_media(
    tenant uuid, media uuid, channel uuid, message uuid, kind text, mime_type text, file_name text, size_bytes bigint,
    reference text, is_voice boolean, is_view_once boolean) returns void
language plpgsql
as $$
begin
    insert into media (tenant_id, id, channel_id, message_id, kind, is_voice, is_view_once, mime_type, file_name,
        size_bytes, reference, state)
    values (tenant, keep_media.media, channel, message, keep_media.kind, keep_media.is_voice, keep_media.is_view_once,
        keep_media.mime_type, keep_media.file_name, keep_media.size_bytes, keep_media.reference, 'waiting');
    perform enqueue(
        keep_media.media, 'image-analysis', tenant, keep_media.media::text,
        media_due(tenant, keep_media.media));
end
$$;

-- Channels/Media: what staff sees of the file of a message; null where there is none.
create function media_of(tenant uuid, message uuid) returns jsonb
language sql stable
as $$
select jsonb_build_object('id', m.id, 'kind', m.kind, 'state', m.state, 'mimeType', m.mime_type,
    'fileName', m.file_name, 'sizeBytes', m.size_bytes, 'isVoice', m.is_voice, 'isViewOnce', m.is_view_once,
    'reason', m.reason)
from media m
where m.tenant_id = tenant and m.message_id = message
limit 1
$$;

-- Channels/Media: this upload goes out with this message. False where it is no stored file of that kind, or goes with
-- another.
create function send_media(tenant uuid, media uuid, message uuid, kind text) returns boolean
language plpgsql
as $$
begin
    update media m set message_id = message
    where m.tenant_id = tenant and m.id = send_media.media and m.kind = send_media.kind and m.state = 'stored'
        and (m.message_id is null or m.message_id = message);
    return found;
end
$$;

-- Channels/Media: whoever takes a message back takes its file back: it is not shown any more, and the next
-- prune deletes it.
create function withdraw_media() returns trigger
language plpgsql
as $$
begin
    update media m set state = 'deleted', reason = 'withdrawn', reference = null
    where m.tenant_id = new.tenant_id and m.message_id = new.id and m.state in ('waiting', 'stored');
    return null;
end
$$;

-- Written by record_change alone.
create trigger withdraw_media after update of withdrawn_at on messages
    for each row when (new.withdrawn_at is not null and old.withdrawn_at is null)
    execute function withdraw_media();
