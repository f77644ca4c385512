-- What a message refers to (the provider's id of what it quotes, reacts to, edits or revokes), what came beside its
-- text, and when the customer changed it. What is edited or withdrawn is gone from the row: only the time stays.
alter table messages
    add column refers_to text,
    add column details text,
    add column edited_at timestamptz,
    add column withdrawn_at timestamptz;

-- Edits and revokes that came before the message they change. Mostly empty. known: the identities of the customer who
-- made it; only their own messages are theirs to change.
create table early_changes (
    tenant_id uuid not null,
    channel_id uuid not null,
    external_id text not null,
    kind text not null check (kind in ('edit', 'revoke')),
    role text not null check (role in ('cliente', 'atendente')),
    known text[] not null default '{}',
    body text not null default '',
    details text,
    payload text,
    sent_at timestamptz not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, channel_id, external_id, kind, known)
);

call protect_tenant_table('early_changes');

-- Puts the new text in the place of the old one, or withdraws it, with every trace of it that we keep. False when there
-- is no such message yet of whoever changes it. What was withdrawn stays withdrawn, and an edit never undoes a later
-- one.
create function change_message(
    tenant uuid, channel uuid, target text, change text, speaker text, writer text[], new_body text, new_details text,
    new_payload text, at timestamptz) returns boolean
    language plpgsql
    as $$
declare
    m record;
    left_over text := case change when 'edit' then new_body else '' end;
begin
    select o.id, o.created_at, o.conversation_id, o.lead_id, o.seq, o.turn, o.kind, o.body, o.edited_at, o.withdrawn_at,
        c.contact_id into m
    from messages o
    join conversations c on c.tenant_id = tenant and c.id = o.conversation_id
    where o.external_id = target and o.tenant_id = tenant and o.channel_id = channel and o.role = speaker
        and (speaker <> 'cliente' or exists (
            select from identities i
            where i.tenant_id = tenant and i.kind in ('bsuid', 'phone') and i.value = any (writer)
                and i.contact_id = c.contact_id))
    limit 1;
    if not found then
        return false;
    end if;
    if change = 'edit' and (m.withdrawn_at is not null or m.edited_at > at) then
        left_over := m.body;
    else
        update messages o set
            body = left_over,
            details = case change when 'edit' then coalesce(new_details, o.details) end,
            payload = case change when 'edit' then new_payload end,
            edited_at = case change when 'edit' then at else o.edited_at end,
            withdrawn_at = case change when 'revoke' then coalesce(o.withdrawn_at, at) end
        where o.id = m.id and o.created_at = m.created_at;
        perform forget_words(
            tenant, m.conversation_id, m.contact_id, m.turn, m.created_at, m.body,
            case when change = 'revoke' or m.kind = 'text' then left_over else '[' || m.kind || ']' end);
    end if;
    -- The edits themselves are lines that staff see; they may have come before.
    perform reword_edits(tenant, m.lead_id, target, left_over, m.created_at - interval '30 days');
    update conversations c set summary = null, summary_seq = 0
    where c.tenant_id = tenant and c.id = m.conversation_id and c.summary is not null and c.summary_seq >= m.seq;
    return true;
end
$$;

create function reword_edits(tenant uuid, lead uuid, target text, words text, since timestamptz) returns void
    language sql
    as $$
    update messages o set body = words, details = null, payload = null
    where o.lead_id = lead and o.tenant_id = tenant and o.kind = 'edit' and o.refers_to = target
        and o.created_at >= since
    $$;

-- As above, and kept for the message where that has not come yet. Of what was withdrawn already only that is kept.
create function record_change(
    tenant uuid, channel uuid, target text, change text, speaker text, writer text[], new_body text, new_details text,
    new_payload text, at timestamptz) returns boolean
    language plpgsql
    as $$
begin
    if change_message(
        tenant, channel, target, change, speaker, writer, new_body, new_details, new_payload, at) then
        return true;
    end if;
    insert into early_changes as e (tenant_id, channel_id, external_id, kind, role, known, body, details, payload,
        sent_at)
    values (tenant, channel, target, change, speaker, writer, new_body, new_details, new_payload, at)
    on conflict (tenant_id, channel_id, external_id, kind, known) do update set
        body = excluded.body, details = excluded.details, payload = excluded.payload, sent_at = excluded.sent_at
    where e.sent_at <= excluded.sent_at;
    if exists (
        select from early_changes e
        where e.tenant_id = tenant and e.channel_id = channel and e.external_id = target and e.kind = 'revoke'
            and e.role = speaker and (e.known = writer or e.known && writer)) then
        update early_changes e set body = '', details = null, payload = null
        where e.tenant_id = tenant and e.channel_id = channel and e.external_id = target and e.role = speaker
            and (e.known = writer or e.known && writer);
        perform reword_edits(tenant, l.id, target, '', now() - interval '30 days')
        from leads l
        where l.tenant_id = tenant and l.contact_id in (
            select i.contact_id from identities i
            where i.tenant_id = tenant and i.kind in ('bsuid', 'phone') and i.value = any (writer));
    end if;
    return false;
end
$$;

-- Who said it and what, of the message that another one refers to: the customer's or ours. Null when it is not known.
create function quoted_message(tenant uuid, channel uuid, target text) returns text[]
    language sql stable
    as $$
    select array[q.role, q.body, q.kind]
    from (
        (select m.role, left(m.body, 500) as body, m.kind
         from messages m
         where m.external_id = target and m.tenant_id = tenant and m.channel_id = channel
         limit 1)
        union all
        (select m.role, left(m.body, 500), m.kind
         from deliveries d
         join messages m on m.id = d.message_id and m.created_at = d.message_created_at
         where d.channel_id = channel and d.provider_message_id = target and d.tenant_id = tenant
         limit 1)
    ) q
    limit 1
    $$;

-- Events that a provider signed and no channel could take: kept as they came until their channel exists. Of no tenant.
-- only_for: signed with a secret of this tenant's own, so that nobody else's channel may ever take it.
create table unrouted_events (
    id uuid primary key,
    provider text not null,
    address text not null default '',
    event_id text not null,
    kind text not null,
    type text not null,
    reason text not null,
    only_for uuid,
    body text not null,
    bytes integer not null generated always as (octet_length(body)) stored,
    received_at timestamptz not null
);

create unique index ix_unrouted_events_event on unrouted_events (provider, address, event_id);
create index ix_unrouted_events_received on unrouted_events (received_at, id);
create index ix_unrouted_events_signer on unrouted_events (only_for, reason) include (bytes);

grant select, insert, update, delete on unrouted_events to vellarys_app;
