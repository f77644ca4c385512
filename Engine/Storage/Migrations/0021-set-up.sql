-- Set-up by API. The release before reads what it knew; what it cannot read is a sealed secret (docs/secrets.md), which
-- is why none that is there gets sealed within the first hour.

-- Of each of webhook_secrets in the same place: its key, and when it ends (null: not by itself). Where the arrays are
-- shorter, as the release before leaves them, there is no key yet and no end.
alter table channels
    add column webhook_secret_ids uuid[] not null default '{}',
    add column webhook_secret_ends timestamptz[] not null default '{}';

-- Storage: whether a migration was applied so long ago. The product's role sees no more of the list than this.
create function schema_older_than(migration integer, age interval) returns boolean
language sql stable security definer set search_path = pg_catalog, public
as $$ select exists (select from schema_migrations where version = migration and applied_at <= now() - age) $$;

-- What a tenant's company told the assistant, version by version; the active one is tenants.settings too, where the
-- conversations read it.
create table prompt_versions (
    tenant_id uuid not null references tenants (id),
    version integer not null,
    body text not null,
    note text not null default '',
    active boolean not null default false,
    created_at timestamptz not null default now(),
    activated_at timestamptz,
    primary key (tenant_id, version)
);

create unique index ux_prompt_versions_active on prompt_versions (tenant_id) where active;

call protect_tenant_table('prompt_versions');

-- Accounts: makes what tenants.settings says the active version, and a new one where it is not the active one already.
-- Holds the tenant's row from here on.
create function keep_prompt(tenant uuid) returns void language plpgsql as $$
declare
    said text;
begin
    select coalesce(t.settings ->> 'prompt', '') into said from tenants t where t.id = tenant for no key update;
    if not found or exists (
        select from prompt_versions v where v.tenant_id = tenant and v.active and v.body = said) then
        return;
    end if;
    update prompt_versions v set active = false where v.tenant_id = tenant and v.active;
    insert into prompt_versions (tenant_id, version, body, active, activated_at)
    select tenant, coalesce(max(v.version), 0) + 1, said, true, now()
    from prompt_versions v where v.tenant_id = tenant;
end
$$;

-- Accounts: puts a version into tenants.settings. False when there is none such.
create function activate_prompt(tenant uuid, wanted integer) returns boolean language plpgsql as $$
begin
    perform keep_prompt(tenant);
    if not exists (select from prompt_versions v where v.tenant_id = tenant and v.version = wanted) then
        return false;
    end if;
    update tenants t set settings = jsonb_set(t.settings, '{prompt}', to_jsonb(v.body)), updated_at = now()
    from prompt_versions v
    where t.id = tenant and v.tenant_id = tenant and v.version = wanted;
    update prompt_versions v set active = false where v.tenant_id = tenant and v.active and v.version <> wanted;
    update prompt_versions v set active = true, activated_at = now()
    where v.tenant_id = tenant and v.version = wanted and not v.active;
    return true;
end
$$;

-- What a tenant may have; null is no limit. Of the platform, not of a tenant.
create table plans (
    id uuid primary key,
    name text not null,
    channels integer,
    users integer,
    messages_a_month bigint,
    conversations_a_month bigint,
    model_tokens_a_month bigint,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create unique index ux_plans_name on plans (lower(name));

grant select, insert, update, delete on plans to vellarys_app;

-- plan_reached: which of its plan's amounts for a month are used up, as the assistant is to know; full_since: from when
-- on a new conversation is one too many.
alter table tenants
    add column plan_id uuid references plans (id),
    add column plan_reached text[] not null default '{}',
    add column plan_full_since timestamptz;

-- What a tenant used in a month of its own time zone, counted up to a moment; told: of which marks its staff heard.
create table plan_usage (
    tenant_id uuid not null references tenants (id),
    month date not null,
    messages bigint not null default 0,
    conversations bigint not null default 0,
    model_tokens bigint not null default 0,
    counted_to timestamptz not null,
    told text[] not null default '{}',
    primary key (tenant_id, month)
);

call protect_tenant_table('plan_usage');

-- Accounts: whether a tenant's plan allows one more of something of which it has so many.
create function plan_has_room(tenant uuid, what text, used bigint) returns boolean
language sql stable
as $$
select coalesce((
    select used < case what when 'channels' then p.channels when 'users' then p.users end
    from tenants t
    join plans p on p.id = t.plan_id
    where t.id = tenant), true)
$$;

-- Channels: how many numbers a tenant has connected.
create function channels_of(tenant uuid) returns bigint
language sql stable
as $$ select count(*) from channels c where c.tenant_id = tenant $$;

-- Which server may run for a tenant.
create table licences (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    server_ip inet not null,
    note text not null default '',
    active boolean not null default true,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (tenant_id, id)
);

create index ix_licences_server on licences (server_ip, active);

create unique index ux_licences_active on licences (tenant_id, server_ip) where active;

call protect_tenant_table('licences');

-- Whoever keeps a copy of these tables in memory hears that they changed, whoever changed them.
create function tell_directories() returns trigger language plpgsql as $$
begin
    perform pg_notify('vellarys_directories', tg_table_name);
    return null;
end
$$;

create trigger tell_directories after insert or delete on channels
    for each row execute function tell_directories();

-- What a copy holds: not each refusal of a provider, of which there may be many.
create trigger tell_directories_of_change after update on channels
    for each row when ((old.kind, old.address, old.access_token, old.verify_token, old.webhook_secrets,
        old.webhook_secret_ends, old.status, old.doubted_at is null)
        is distinct from (new.kind, new.address, new.access_token, new.verify_token, new.webhook_secrets,
        new.webhook_secret_ends, new.status, new.doubted_at is null))
    execute function tell_directories();

create trigger tell_directories after insert or update or delete on tenants
    for each row execute function tell_directories();
