-- vellarys: no-transaction
-- What stands in the way of sending: a number that its provider refuses, and failures that staff has not heard of yet.

-- Rather fail the deployment than queue the product's own statements behind a waiting table lock.
set lock_timeout = '10s';

-- doubt: one refusal of the account, not yet confirmed by a second; it outlives a probe, and ends with a send.
-- probes: how often the number was looked at since its last send, for the back-off. stopped_by: null before 0011.
alter table channels
    add column if not exists doubt_code text,
    add column if not exists doubted_at timestamptz,
    add column if not exists stop_code text,
    add column if not exists stopped_by text check (stopped_by in ('provider', 'operator')),
    add column if not exists stopped_at timestamptz,
    add column if not exists probes smallint not null default 0,
    add column if not exists next_probe_at timestamptz;

-- untold: a failure that staff has to hear of, until they have. failed_send: the provider's id and code of a send that
-- failed while it was not known yet which of two it was.
alter table deliveries
    add column if not exists untold boolean not null default false,
    add column if not exists failed_send text[];

reset lock_timeout;

create index concurrently if not exists ix_deliveries_untold on deliveries (tenant_id) where untold;

create index concurrently if not exists ix_deliveries_failed on deliveries (tenant_id, created_at, message_id)
    where state = 'failed';
