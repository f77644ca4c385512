-- A flow is something that takes minutes or days: a handoff, a follow-up, a survey. This row is the truth of it; queue
-- messages, timers and orchestrations are hints that say "look here". At most one of a kind runs for a conversation.
-- state is null until the first advance; version counts advances; listens says what of the customer it wants to hear:
-- nothing, message (a signal for each message) or answer (it asked, and may take the next turn for itself).
create table flows (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    name text not null,
    conversation_id uuid not null,
    contact_id uuid not null,
    state json,
    version integer not null default 0,
    listens text not null default 'nothing' check (listens in ('nothing', 'message', 'answer')),
    wake_at timestamptz,
    outcome text,
    faults smallint not null default 0,
    fault text,
    restarts smallint not null default 0,
    created_at timestamptz not null default now(),
    advanced_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create unique index ix_flows_running on flows (tenant_id, conversation_id, name) where ended_at is null;
create index ix_flows_listening on flows (tenant_id, contact_id) where ended_at is null and listens <> 'nothing';
create index ix_flows_wake on flows (tenant_id, wake_at) where ended_at is null;
create index ix_flows_advanced on flows (tenant_id, advanced_at) where ended_at is null;
create index ix_flows_contact on flows (tenant_id, contact_id, created_at);
create index ix_flows_conversation on flows (tenant_id, conversation_id, created_at);
create index ix_flows_created on flows (tenant_id, created_at desc, id desc);

-- What happened to a flow, in the order of seq. version is null until an advance has applied it; commands are the names
-- of what that led to. Kept as the flow's history.
create table flow_events (
    tenant_id uuid not null,
    flow_id uuid not null,
    id uuid not null,
    seq bigint generated always as identity,
    body json not null,
    happened_at timestamptz not null default now(),
    applied_at timestamptz,
    version integer,
    state text,
    commands text[] not null default '{}',
    primary key (tenant_id, flow_id, id),
    foreign key (tenant_id, flow_id) references flows (tenant_id, id) on delete cascade
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create index ix_flow_events_unseen on flow_events (tenant_id, flow_id, seq) where version is null;
create index ix_flow_events_seq on flow_events (tenant_id, flow_id, seq);

call protect_tenant_table('flows');
call protect_tenant_table('flow_events');

-- A key as the engine makes it (UUIDv7), for rows that a statement makes by itself.
create function new_id() returns uuid
    language sql volatile
    as $$
    select cast(
        lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14) as uuid)
    $$;

-- Writes a signal down and says where to look. The NOTIFY goes out with the commit.
create function signal_flow(tenant uuid, flow uuid, signal uuid, body json) returns void
    language sql
    as $$
    insert into flow_events (tenant_id, flow_id, id, body, happened_at)
    values (tenant, flow, signal, body, clock_timestamp())
    on conflict do nothing;
    insert into queue_messages (id, queue, tenant_id, subject, body)
    values (new_id(), 'flow-events', tenant, flow::text,
        '{"v":1,"tenant":"' || tenant || '","flow":"' || flow || '"}');
    select pg_notify('vellarys_queue', 'flow-events');
    $$;

-- Starts a flow unless one of that name runs for the conversation; null when one does. hears: what it listens for until
-- its first advance.
create function start_flow(
    tenant uuid, kind text, conversation uuid, contact uuid, body json, hears text default 'nothing') returns uuid
    language plpgsql
    as $$
declare
    started uuid;
begin
    insert into flows (tenant_id, id, name, conversation_id, contact_id, listens)
    values (tenant, new_id(), kind, conversation, contact, hears)
    on conflict (tenant_id, conversation_id, name) where ended_at is null do nothing
    returning id into started;
    if started is not null then
        perform signal_flow(tenant, started, new_id(), body);
    end if;
    return started;
end
$$;

-- Whoever changes who is in charge, by whatever statement, tells the flows of the conversation in the same transaction;
-- and nobody waits for a person without a handoff that looks for one.
create function signal_charge() returns trigger
    language plpgsql
    as $$
declare
    told json := json_build_object('kind', 'charge_changed', 'status', new.status, 'agent', new.user_id);
    running uuid;
begin
    if new.status = 'waiting' and old.status <> 'waiting' then
        perform start_flow(new.tenant_id, 'handoff', new.id, new.contact_id, json_build_object(
            'kind', 'raised', 'reason', coalesce(new.handoff_reason, 'unknown'), 'team', new.team_id));
    end if;
    for running in
        select f.id from flows f
        where f.tenant_id = new.tenant_id and f.conversation_id = new.id and f.ended_at is null
    loop
        perform signal_flow(new.tenant_id, running, new_id(), told);
    end loop;
    if new.status = 'closed' and old.status <> 'closed' then
        insert into queue_messages (id, queue, priority, due_at, tenant_id, subject, body)
        select new_id(), 'nps-survey', 2,
            -- A setting that is no number must not keep a conversation open.
            now() + interval '1 minute' * case
                when t.settings #>> '{survey,delayMinutes}' ~ '^\d{1,5}$'
                    then (t.settings #>> '{survey,delayMinutes}')::int
                else 5 end,
            new.tenant_id, new.id::text,
            '{"v":1,"tenant":"' || new.tenant_id || '","conversation":"' || new.id || '"}'
        from tenants t
        where t.id = new.tenant_id and coalesce(t.settings #>> '{survey,kind}', 'off') <> 'off';
    end if;
    return null;
end
$$;

create trigger conversations_charge after update on conversations
    for each row when (old.status is distinct from new.status or old.user_id is distinct from new.user_id)
    execute function signal_charge();

-- The customer wrote: flows that listen hear of it, and what they have not sent yet stays unsent. Called only for
-- flows that exist, so a message without any costs one look into an index.
create function customer_wrote(tenant uuid, flow uuid, conversation uuid, turn bigint, opts_out boolean) returns void
    language plpgsql
    as $$
begin
    perform signal_flow(tenant, flow, new_id(), json_build_object(
        'kind', 'customer_wrote', 'conversation', conversation, 'turn', turn, 'optsOut', opts_out));
    update deliveries d set state = 'cancelled', reason = 'customer_wrote', updated_at = now()
    where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' and d.class = 'followup';
end
$$;

alter table deliveries drop constraint deliveries_class_check;
alter table deliveries add constraint deliveries_class_check
    check (class in ('reply', 'staff', 'system', 'campaign', 'followup')) not valid;
alter table deliveries add column flow_id uuid;
create index ix_deliveries_flow on deliveries (tenant_id, flow_id) where flow_id is not null and state = 'pending';
