-- What calls of the API with an Idempotency-Key led to, for a day. Neither the key is here nor an answer that shows a
-- secret.
create table idempotency_keys (
    tenant_id uuid not null references tenants (id),
    -- Who called: installation, or user or key with its id.
    caller text not null,
    -- SHA-256 of it; the fingerprint of method, address and body is keyed with the key itself.
    key bytea not null,
    fingerprint bytea not null,
    -- Whose turn it is: who comes back late records nothing.
    claim uuid not null,
    claimed_at timestamptz not null default now(),
    -- Null while the call is carried out, or when it was cut off.
    status smallint,
    location text,
    body bytea,
    withheld boolean not null default false,
    -- It failed on our side, and may have been carried out.
    cut_off boolean not null default false,
    primary key (tenant_id, caller, key)
);

create index ix_idempotency_keys_claimed on idempotency_keys (tenant_id, claimed_at);

call protect_tenant_table('idempotency_keys');

-- Api: forgets what is older than the day for which an answer is repeated, and an hour; how many it forgot.
create function prune_idempotency_keys(tenant uuid) returns bigint
language sql
as $$
with pruned as (
    delete from idempotency_keys k
    where k.tenant_id = tenant and k.claimed_at < now() - interval '25 hours'
    returning 1
)
select count(*) from pruned
$$;
