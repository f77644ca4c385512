-- vellarys: no-transaction
-- A receipt is its tenant's: keyed by the tenant too, last, so that no plan takes an index of the tenant alone for as
-- good. Built beside running work, then swapped in.
create unique index concurrently if not exists receipts_by_tenant
    on receipts (channel_id, provider_message_id, tenant_id);

-- Rather fail the deployment than queue the product's own statements behind a waiting table lock.
set lock_timeout = '10s';

alter table receipts
    drop constraint if exists receipts_pkey,
    add constraint receipts_pkey primary key using index receipts_by_tenant;

-- Queue bodies hold what customers wrote. What works for all tenants says so (WorkerScope); everything else sees the
-- rows of the tenants in its scope. The release before this one says nothing: it is told by the name that its sessions
-- give themselves, which no later one does.
create or replace function app_worker() returns boolean
    language sql stable parallel safe
    as $$
select coalesce(current_setting('app.worker', true), '') = 'on'
    or current_setting('application_name') = 'vellarys_api'
$$;

-- The policies first: under row-level security a table without any shows nothing.
drop policy if exists tenant_select on queue_messages;
create policy tenant_select on queue_messages for select
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_insert on queue_messages;
create policy tenant_insert on queue_messages for insert
    with check ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_update on queue_messages;
create policy tenant_update on queue_messages for update
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]))
    with check ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_delete on queue_messages;
create policy tenant_delete on queue_messages for delete
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
alter table queue_messages enable row level security, force row level security;

drop policy if exists tenant_select on queue_dead_letters;
create policy tenant_select on queue_dead_letters for select
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_insert on queue_dead_letters;
create policy tenant_insert on queue_dead_letters for insert
    with check ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_update on queue_dead_letters;
create policy tenant_update on queue_dead_letters for update
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]))
    with check ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
drop policy if exists tenant_delete on queue_dead_letters;
create policy tenant_delete on queue_dead_letters for delete
    using ((select app_worker()) or tenant_id = any ((select app_tenants())::uuid[]));
alter table queue_dead_letters enable row level security, force row level security;

reset lock_timeout;
