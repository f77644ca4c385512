-- vellarys: no-transaction
-- Templates as their provider sees them, and messages that staff want sent at a time.

-- Each statement by itself, and each to be run again where it broke off (see 0022).
set lock_timeout = '10s';

create table if not exists message_templates (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    channel_id uuid not null,
    name text not null,
    language text not null,
    category text check (category in ('marketing', 'utility', 'authentication')),
    -- As the provider has it; draft: it has not been asked yet.
    status text not null default 'draft'
        check (status in ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled')),
    reason text,
    quality text,
    body text not null default '',
    -- The places that a text must fill.
    places integer not null default 0,
    -- The provider's own id.
    provider_id text,
    synced_at timestamptz,
    -- When the provider last said something of its own accord.
    told_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, name, language)
);

create table if not exists scheduled_messages (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    channel_id uuid not null,
    contact_id uuid not null,
    text text not null,
    -- As in messages.payload; null for free text.
    template text,
    send_at timestamptz not null,
    -- What became of a queued one is told by its delivery.
    status text not null default 'scheduled' check (status in ('scheduled', 'queued', 'skipped', 'cancelled')),
    reason text,
    message_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create index if not exists ix_scheduled_messages_due on scheduled_messages (status, send_at);

create index if not exists ix_scheduled_messages_created on scheduled_messages (tenant_id, created_at desc, id desc);

create table if not exists quick_replies (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    shortcut text not null,
    text text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, shortcut)
);

do $$
begin
    if not exists (select from pg_policy where polrelid = 'quick_replies'::regclass) then
        call protect_tenant_table('message_templates');
        call protect_tenant_table('scheduled_messages');
        call protect_tenant_table('quick_replies');
    end if;
end
$$;

-- Channels: why a template may not be sent; null where it may. What a channel has none of is not known here, but to
-- its provider. places: how many texts fill it; null where that does not matter.
create or replace function template_obstacle(tenant uuid, channel uuid, title text, tongue text, places integer)
    returns text
language plpgsql stable
as $$
declare
    t message_templates%rowtype;
begin
    select m.* into t from message_templates m
    where m.tenant_id = tenant and m.channel_id = channel and m.name = title and m.language = tongue;
    if not found then
        return case when exists (
            select from message_templates m
            where m.tenant_id = tenant and m.channel_id = channel and m.synced_at is not null) then 'unknown' end;
    end if;
    return case
        when t.status <> 'approved' then t.status
        when t.places <> template_obstacle.places then 'parameters'
    end;
end
$$;

-- Channels: a template's words and category, for whoever sends it.
create or replace view template_words with (security_invoker = true) as
select t.tenant_id, t.channel_id, t.name, t.language, nullif(t.body, '') as body, t.category from message_templates t;

-- Channels: numbers whose templates their provider lists, and when that was done last.
create or replace view template_accounts with (security_invoker = true) as
select c.tenant_id, c.id as channel_id, c.kind, c.settings ->> 'wabaId' as account,
    (c.settings ->> 'templatesSyncedAt')::timestamptz as synced_at
from channels c
where c.settings ? 'wabaId';

-- Channels: a tenant's numbers.
create or replace view tenant_channels with (security_invoker = true) as
select c.tenant_id, c.id, c.kind from channels c;

-- Intake: what a provider said of templates, which is of no number. Kept, and read from there.
create or replace view template_events as
select e.id, e.body::jsonb ->> 'raw' as raw, e.type, e.received_at
from unrouted_events e
where e.type in
    ('message_template_status_update', 'message_template_quality_update', 'template_category_update');

grant select on tenant_channels, template_words, template_accounts, template_events to vellarys_app;

-- Flows: a scheduled message is due.
create or replace function scheduled_due(tenant uuid, message uuid) returns text
language sql stable parallel safe
as $$
select '{"v":1,"tenant":"' || tenant || '","errand":"scheduled-message","argument":"' || message || '"}'
$$;

reset lock_timeout;
