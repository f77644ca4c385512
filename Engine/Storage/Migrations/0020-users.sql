-- Who signs in, and what each may do. A person is of no tenant: users, their sessions and codes carry no tenant_id and
-- are reached by their own key alone; what a tenant says about a person (memberships, profiles) and its keys for
-- machines are rows of the tenant, under row-level security like all others.
create table users (
    id uuid primary key,
    email text not null,
    username text not null,
    name text not null,
    password_hash text,
    active boolean not null default true,
    is_platform_admin boolean not null default false,
    -- Sealed, where there is a master key.
    totp_secret text,
    totp_confirmed boolean not null default false,
    totp_step bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create unique index ix_users_email on users (lower(email));
create unique index ix_users_username on users (lower(username));

create table recovery_codes (
    user_id uuid not null references users (id) on delete cascade,
    hash bytea not null,
    used_at timestamptz,
    primary key (user_id, hash)
);

-- Who of an issuer's people (OpenID Connect) a user is: bound at the first time, and not by an address any more.
create table user_identities (
    issuer text not null,
    subject text not null,
    user_id uuid not null references users (id) on delete cascade,
    bound_at timestamptz not null default now(),
    primary key (issuer, subject),
    unique (user_id, issuer)
);

-- Sign-ins at the issuer that came back, so that none does twice: a ticket is good for ten minutes.
create table oidc_states (
    state bytea primary key,
    used_at timestamptz not null default now()
);

create index ix_oidc_states_used on oidc_states (used_at);

create table profiles (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    name text not null,
    permissions text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create unique index ix_profiles_name on profiles (tenant_id, lower(name));

-- version: raised by every change of what its permissions come from; a token says which one it was made under.
create table memberships (
    tenant_id uuid not null references tenants (id),
    user_id uuid not null references users (id),
    name text not null,
    role text not null check (role in ('admin', 'supervisor', 'atendente')),
    profile_id uuid,
    active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, user_id),
    foreign key (tenant_id, profile_id) references profiles (tenant_id, id)
);

create index ix_memberships_active on memberships (tenant_id, active);
create index ix_memberships_profile on memberships (tenant_id, profile_id) where profile_id is not null;
create index ix_memberships_user on memberships (user_id);

-- A family of refresh tokens: one sign-in, on one device, until it is ended or runs out.
create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    last_tenant uuid references tenants (id),
    address_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text
);

create index ix_sessions_user on sessions (user_id, created_at desc);
create index ix_sessions_expiry on sessions (expires_at);

create table refresh_tokens (
    hash bytea primary key,
    session_id uuid not null references sessions (id) on delete cascade,
    created_at timestamptz not null default now(),
    used_at timestamptz
);

create index ix_refresh_tokens_session on refresh_tokens (session_id);

create table signing_keys (
    kid uuid primary key,
    -- Sealed, where there is a master key.
    secret text not null,
    created_at timestamptz not null default now()
);

-- Counters of a window each, under the hash of whom they count: shared by all instances.
create table sign_in_attempts (
    key bytea primary key,
    count integer not null,
    window_ends timestamptz not null
);

create index ix_sign_in_attempts_end on sign_in_attempts (window_ends);

create table setup_links (
    hash bytea primary key,
    expires_at timestamptz not null,
    used_at timestamptz
);

create table api_keys (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    name text not null,
    hash bytea not null,
    scopes text[] not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id),
    unique (id)
);

-- That the platform's people may look into a tenant for a while, because it said so.
create table support_grants (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    granted_by uuid,
    reason text not null,
    until timestamptz not null,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create index ix_support_grants_until on support_grants (tenant_id, until);

-- What was done to accounts and by whom; rows are added and never changed.
create table account_events (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    action text not null,
    actor_kind text not null,
    actor_id uuid,
    subject_id uuid,
    -- Why, where its doer had to say: a company that was taken while the doctor said no.
    note text not null default '',
    -- From where, as far as the host knows.
    address text,
    at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create index ix_account_events_at on account_events (tenant_id, at desc, id desc);

-- The same of those who run the platform, refusals among it; of no tenant, or of one that may be gone.
create table platform_events (
    id uuid primary key,
    action text not null,
    actor_kind text not null,
    actor_id uuid,
    about_tenant uuid,
    subject_id uuid,
    address text,
    status smallint not null,
    at timestamptz not null default now()
);

create index ix_platform_events_at on platform_events (at desc, id desc);

alter table tenants add column allowed_networks text[] not null default '{}';

-- The staff who answer are users; null for one who only exists on a list.
alter table agents add column user_id uuid references users (id);
create unique index ix_agents_user on agents (tenant_id, user_id) where user_id is not null;

call protect_tenant_table('profiles');
call protect_tenant_table('memberships', directory => true);
call protect_tenant_table('api_keys', directory => true);
call protect_tenant_table('support_grants');
call protect_tenant_table('account_events');

grant select, insert, update on users to vellarys_app;
grant select, insert on platform_events to vellarys_app;
grant select, insert, update, delete
    on recovery_codes, user_identities, oidc_states, sessions, refresh_tokens, signing_keys, sign_in_attempts,
        setup_links
    to vellarys_app;
