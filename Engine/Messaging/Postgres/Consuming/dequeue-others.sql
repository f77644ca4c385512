-- Beside a tenant whose backlog fills the front of the queue: walks a window of the queue further on and leases what
-- the others have waiting in it, whoever holds least first, nobody more than that tenant has. Says how far it came, and
-- for each of the others where its first row stands that was left, so that no row is walked over again and again.
-- $1 queue, $2 priority, $3 due time and $4 id to begin at, $5 rows to look at, $6 to lease at most, $7 the tenant, $8
-- what it holds, $9 tenants and $10 what they hold, $11 lock, $12 owner
with seen as materialized (
    select ctid as tid, tenant_id, due_at, id
    from queue_messages
    where queue = $1 and priority = $2 and (due_at, id) >= ($3, $4) and due_at <= now()
    order by due_at, id
    limit $5
),
others as materialized (
    select s.tid, s.tenant_id, s.due_at, s.id,
        coalesce(h.held, 0) + row_number() over (partition by s.tenant_id order by s.due_at, s.id) as place
    from seen s
    left join unnest($9::uuid[], $10::integer[]) as h (tenant_id, held) on h.tenant_id = s.tenant_id
    where s.tenant_id is distinct from $7
),
chosen as materialized (
    select tid from others where place <= greatest($8, 1) order by place, due_at, id limit $6
),
held as materialized (
    select m.ctid as tid, m.due_at
    from chosen c
    join queue_messages m on m.ctid = c.tid
    where m.queue = $1 and m.due_at <= now()
    for update of m skip locked
),
leased as (
    update queue_messages m
    set due_at = now() + $11, locked_by = $12, attempts = m.attempts + 1
    from held
    where m.ctid = held.tid
    returning m.id, m.priority, held.due_at, m.attempts,
        coalesce((m.history -> -1 ->> 'attempt')::integer, 0) as failures, m.tenant_id, m.subject, m.body,
        m.trace_parent
)
select id, priority, due_at, attempts, failures, tenant_id, subject, body, trace_parent, 'leased' as what from leased
union all
(select distinct on (o.tenant_id) o.id, null, o.due_at, null, null, o.tenant_id, null, null, null, 'left'
from others o
where not exists (select from chosen c where c.tid = o.tid)
order by o.tenant_id, o.due_at, o.id)
union all
(select id, null, due_at, null, null, null, null, null, null, 'end' from seen order by due_at desc, id desc limit 1)
