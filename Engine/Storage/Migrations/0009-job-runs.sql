-- vellarys: no-transaction
-- The heartbeat of each job: what GET /api/v1/operations/jobs shows, and what says whether a late run is due.
create table if not exists job_runs (
    name text primary key,
    last_started_at timestamptz,
    last_succeeded_at timestamptz,
    last_failed_at timestamptz,
    last_duration_ms bigint,
    last_failure_code text,
    consecutive_failures integer not null default 0
) with (fillfactor = 70);

grant select, insert, update, delete on job_runs to vellarys_app;

-- The books of a tenant since a time, and what prune-receipts looks for. Once pruning frees space that newer receipts
-- fill, a block no longer holds one time, and the BRIN index beside it tells less and less.
create index concurrently if not exists ix_receipts_tenant_recorded on receipts (tenant_id, recorded_at);
