-- vellarys: no-transaction
-- What lists and searches read, each statement by itself, so that none holds up what runs.

-- A list of conversations reads each status in this order, and stops at the end of its page. Not by the last message
-- itself: 0025.
create index concurrently if not exists ix_conversations_listed on conversations (tenant_id, status, listed_at desc);

-- Leads come youngest first, so what a list is cut by and what it is ordered by are one index.
create index concurrently if not exists ix_leads_tenant_created_next on leads (tenant_id, created_at desc, id desc);
drop index concurrently if exists ix_leads_tenant_created;
alter index if exists ix_leads_tenant_created_next rename to ix_leads_tenant_created;

create index concurrently if not exists ix_leads_tenant_status_next
    on leads (tenant_id, status, created_at desc, id desc);
drop index concurrently if exists ix_leads_tenant_status;
alter index if exists ix_leads_tenant_status_next rename to ix_leads_tenant_status;

create index concurrently if not exists ix_leads_tenant_qual_next
    on leads (tenant_id, qualification, created_at desc, id desc);
drop index concurrently if exists ix_leads_tenant_qual;
alter index if exists ix_leads_tenant_qual_next rename to ix_leads_tenant_qual;
