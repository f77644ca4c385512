-- Row-level security in one place. A transaction names its tenants in app.tenants (see TenantScope); without it no row
-- of a tenant table is seen or written. The sub-select in each policy is evaluated once a statement, not once a row.
create extension if not exists pg_trgm;

-- Under row-level security PostgreSQL offers to an index only what is marked leakproof, and the operators behind the
-- GIN indexes (@> on jsonb, ilike, @@) are not. The mark guards against hostile SQL, which the product's role never
-- runs. Only a superuser may set it: elsewhere these searches filter the rows of the tenant instead.
do $$
begin
    alter function pg_catalog.jsonb_contains(jsonb, jsonb) leakproof;
    alter function pg_catalog.texticlike(text, text) leakproof;
    alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;
exception when insufficient_privilege then
    raise notice 'searches by index inside a tenant need a superuser to migrate once';
end
$$;

create function app_tenants() returns uuid[]
    language sql stable parallel safe
    as $$ select string_to_array(nullif(current_setting('app.tenants', true), ''), ',')::uuid[] $$;

create function app_directory() returns boolean
    language sql stable parallel safe
    as $$ select coalesce(current_setting('app.directory', true), '') = 'on' $$;

-- Puts a table under forced row-level security, one policy an operation. Called by every migration that adds a table.
create procedure protect_tenant_table(name regclass, key text default 'tenant_id', directory boolean default false)
    language plpgsql
    as $$
declare
    own text := format('%I = any ((select app_tenants())::uuid[])', key);
    seen text := case when directory then own || ' or (select app_directory())' else own end;
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy tenant_select on %s for select using (%s)', name, seen);
    execute format('create policy tenant_insert on %s for insert with check (%s)', name, own);
    execute format('create policy tenant_update on %s for update using (%s) with check (%s)', name, own, own);
    execute format('create policy tenant_delete on %s for delete using (%s)', name, own);
    execute format('grant select, insert, update, delete on %s to vellarys_app', name);
end
$$;

create table tenants (
    id uuid primary key,
    name text not null,
    locale text not null default 'pt-BR',
    time_zone text not null default 'America/Sao_Paulo',
    status text not null default 'active' check (status in ('active', 'suspended')),
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- kind: sandbox, meta-cloud, ...; address: the provider's own key of the number (phone_number_id at Meta).
create table channels (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    kind text not null,
    address text not null,
    display_name text not null default '',
    access_token text not null default '',
    webhook_secrets text[] not null default '{}',
    verify_token text not null default '',
    status text not null default 'active' check (status in ('active', 'stopped')),
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (id),
    unique (kind, address)
);

call protect_tenant_table('tenants', 'id', directory => true);
call protect_tenant_table('channels', directory => true);
