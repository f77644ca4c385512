-- The queue, which is also the outbox. due_at is when a row may be handed out; a lease moves it to the lease's end, so
-- a worker that dies needs nobody to clean up after it. One narrow index serves every dequeue; delayed rows and leased
-- rows lie beyond now() in it and are never walked over.
create table queue_messages (
    id uuid primary key,
    queue text not null,
    priority smallint not null default 1,
    due_at timestamptz not null default now(),
    attempts smallint not null default 0,
    locked_by uuid,
    tenant_id uuid,
    subject text,
    body text not null,
    trace_parent text,
    history jsonb,
    enqueued_at timestamptz not null default now()
) with (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0.2,
    autovacuum_analyze_scale_factor = 0.2,
    autovacuum_vacuum_cost_delay = 1,
    autovacuum_vacuum_cost_limit = 2000
);

create index ix_queue_due on queue_messages (queue, priority, due_at, id);

create table queue_dead_letters (
    id uuid primary key,
    queue text not null,
    priority smallint not null,
    attempts smallint not null,
    tenant_id uuid,
    subject text,
    body text not null,
    trace_parent text,
    code text not null,
    reason text not null,
    history jsonb not null default '[]',
    enqueued_at timestamptz not null,
    died_at timestamptz not null default now()
);

create index ix_dead_letters_queue on queue_dead_letters (queue, died_at desc);
create index ix_dead_letters_subject on queue_dead_letters (subject);

-- One row for each process that leases messages, written by the session that listens: when that session is gone its
-- leases are released at once instead of running out.
create table queue_consumers (
    id uuid primary key,
    backend_pid integer not null,
    backend_start timestamptz not null,
    started_at timestamptz not null default now()
);

-- Totals since installation, for queue.completed and queue.failed across restarts and processes.
create table queue_totals (
    queue text primary key,
    completed bigint not null default 0,
    failed bigint not null default 0
);

grant select, insert, update, delete on queue_messages, queue_dead_letters, queue_consumers, queue_totals
    to vellarys_app;
