-- vellarys: no-transaction
-- What a tenant's own systems hear of: who wants to know what, what happened, and how far each of them was told.
-- Without what customers wrote and without numbers: those are read when a call is made.

-- Each statement by itself, and each to be run again where it broke off: running work writes to the tables that get
-- triggers, in one order here and in another there. Whoever locked two of them would be in somebody's way, for a
-- deadlock or for ever; of one at a time, nobody is.

-- Rather fail the deployment than queue the product's own statements behind a waiting table lock.
set lock_timeout = '10s';

create table if not exists webhook_endpoints (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    url text not null,
    description text not null default '',
    events text[] not null,
    includes_text boolean not null default false,
    includes_contact boolean not null default false,
    -- The one that signs, and the one before it while both do.
    secret text not null,
    previous_secret text,
    previous_until timestamptz,
    status text not null default 'active' check (status in ('active', 'disabled')),
    disabled_by text check (disabled_by in ('staff', 'failures')),
    disabled_at timestamptz,
    -- Since when nothing but failures came of it, and how many.
    failing_since timestamptz,
    failures integer not null default 0,
    told_failing boolean not null default false,
    -- The one event that is tried on it while it does not answer: all others wait in the books, not in the queue.
    trial uuid,
    -- From when on each event of its kinds has a delivery. Of before then a replay looks at the events themselves.
    hears_since timestamptz not null default clock_timestamp(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
) with (fillfactor = 70);

create table if not exists webhook_events (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    conversation_id uuid,
    -- The message or flow that it is about, and when that was made: where the words are.
    about_id uuid,
    about_at timestamptz,
    -- Microseconds of the clock: grows within a conversation, and tells nobody how much others do.
    sequence bigint not null,
    facts jsonb not null,
    happened_at timestamptz not null default clock_timestamp(),
    -- Ids grow with the time: see id_floor.
    primary key (tenant_id, id)
);

create table if not exists webhook_deliveries (
    tenant_id uuid not null,
    endpoint_id uuid not null,
    event_id uuid not null,
    -- pending: the queue has a message for it. waiting: the endpoint has enough to do, or does not answer; released
    -- when it does. held: it came while the endpoint was disabled; dead: given up. Both of these wait for a replay.
    state text not null default 'pending' check (state in ('pending', 'waiting', 'delivered', 'dead', 'held')),
    attempts integer not null default 0,
    last_status smallint,
    last_reason text,
    last_ms integer,
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    -- One more with each message for the queue: what is left of an earlier one is not carried out.
    round integer not null default 0,
    replays smallint not null default 0,
    -- When the first of its attempts was due: at its making, or at the last replay.
    tried_since timestamptz not null default clock_timestamp(),
    created_at timestamptz not null default clock_timestamp(),
    primary key (tenant_id, endpoint_id, event_id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- What waits or was given up, few among many, in the order in which it happened; and counted with each look.
create index if not exists ix_webhook_deliveries_state on webhook_deliveries (tenant_id, endpoint_id, state, event_id);

do $$
begin
    if not exists (select from pg_policy where polrelid = 'webhook_deliveries'::regclass) then
        call protect_tenant_table('webhook_endpoints', directory => true);
        call protect_tenant_table('webhook_events');
        call protect_tenant_table('webhook_deliveries');
    end if;
end
$$;

-- Webhooks: which of the tenants want to hear of it. For statements over sets, into whose plans it is put: one look
-- into an index for all of them.
create or replace function webhook_audience(tenants uuid[], event text) returns setof uuid
language sql stable
as $$
select distinct e.tenant_id from webhook_endpoints e where e.tenant_id = any (tenants) and event = any (e.events)
$$;

create or replace function wants_webhooks(tenant uuid, event text) returns boolean
language plpgsql stable
as $$
begin
    return exists (select from webhook_endpoints e where e.tenant_id = tenant and event = any (e.events));
end
$$;

-- Storage: below every id that new_id made from then on.
create or replace function id_floor(at timestamptz) returns uuid
language sql stable parallel safe
as $$ select (lpad(to_hex(greatest((extract(epoch from at) * 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid $$;

-- Without an endpoint: which endpoints are to hear of it is still to be found out.
create or replace function webhook_due(
    tenant uuid, event uuid, endpoint uuid default null, round integer default 0) returns text
language sql stable parallel safe
as $$
select '{"v":1,"tenant":"' || tenant || '","event":"' || event || '"'
    || coalesce(',"endpoint":"' || endpoint || '"', '') || ',"round":' || round || '}'
$$;

-- Webhooks: something happened that an endpoint of the tenant wants to hear of; in the transaction of what happened.
-- One row and one message, however many endpoints: fan-out-event.sql makes the deliveries.
create or replace function record_webhook_event(
    tenant uuid, event text, conversation uuid, facts jsonb, about uuid default null,
    about_at timestamptz default null) returns void
language plpgsql
as $$
declare
    made uuid := new_id();
begin
    insert into webhook_events (tenant_id, id, kind, conversation_id, about_id, about_at, sequence, facts)
    values (tenant, made, event, conversation, about, record_webhook_event.about_at,
        (extract(epoch from clock_timestamp()) * 1000000)::bigint, record_webhook_event.facts);
    perform enqueue(new_id(), 'webhook-delivery', tenant, made::text, webhook_due(tenant, made));
    perform pg_notify('vellarys_queue', 'webhook-delivery');
end
$$;

-- The same, where nobody has asked yet whether any does.
create or replace function tell_webhooks(
    tenant uuid, event text, conversation uuid, facts jsonb, about uuid default null,
    about_at timestamptz default null) returns void
language plpgsql
as $$
begin
    if wants_webhooks(tenant, event) then
        perform record_webhook_event(tenant, event, conversation, facts, about, tell_webhooks.about_at);
    end if;
end
$$;

-- Conversations: the words of a message as they stand now; none where it was taken back.
create or replace function message_words(message uuid, made_at timestamptz) returns text
language sql stable
as $$ select m.body from messages m where m.id = message and m.created_at = made_at and m.withdrawn_at is null $$;

-- Flows: what a customer wrote beside the mark of a survey.
create or replace function survey_comment(tenant uuid, flow uuid) returns text
language sql stable
as $$ select a.comment from survey_answers a where a.tenant_id = tenant and a.flow_id = flow $$;

-- message.received is told by record-messages.sql, for a set. What is seldom is told row by row; what each message
-- brings about, by statements: those of tenants without endpoints end after one look, however many rows they wrote.
create or replace function tell_of_opened() returns trigger
language plpgsql
as $$
begin
    if exists (select from webhook_endpoints) then
        perform record_webhook_event(c.tenant_id, 'conversation.opened', c.id,
            jsonb_build_object('channelId', c.channel_id, 'contactId', c.contact_id, 'leadId', c.lead_id))
        from made c
        where wants_webhooks(c.tenant_id, 'conversation.opened');
    end if;
    return null;
end
$$;

create or replace trigger conversations_opened after insert on conversations
    referencing new table as made
    for each statement execute function tell_of_opened();

create or replace function tell_of_conversation() returns trigger
language plpgsql
as $$
declare
    kind text := case new.status
        when 'closed' then 'conversation.closed' when 'waiting' then 'handoff.requested' else 'handoff.accepted' end;
begin
    if wants_webhooks(new.tenant_id, kind) then
        perform record_webhook_event(
            new.tenant_id, kind, new.id,
            jsonb_build_object('channelId', new.channel_id, 'contactId', new.contact_id, 'leadId', new.lead_id)
            || case new.status
                when 'closed' then jsonb_build_object('closedFrom', old.status, 'agentId', new.user_id)
                when 'waiting' then jsonb_build_object('reason', new.handoff_reason, 'teamId', new.team_id)
                else jsonb_build_object('agentId', new.user_id, 'acceptedFrom', old.status)
            end);
    end if;
    return null;
end
$$;

create or replace trigger conversations_told after update on conversations
    for each row when (old.status is distinct from new.status and new.status <> 'bot')
    execute function tell_of_conversation();

create or replace function tell_of_send(d deliveries) returns void
language plpgsql
as $$
declare
    kind text := case d.state when 'sent' then 'message.sent' else 'message.failed' end;
begin
    if wants_webhooks(d.tenant_id, kind) then
        perform record_webhook_event(
            d.tenant_id, kind, d.conversation_id,
            jsonb_build_object('messageId', d.message_id, 'channelId', d.channel_id, 'messageSeq', d.seq,
                'class', d.class, 'providerMessageId', d.provider_message_id)
            || case d.state when 'failed' then jsonb_build_object('reason', d.reason) else '{}' end,
            d.message_id, d.message_created_at);
    end if;
end
$$;

create or replace function tell_of_sends() returns trigger
language plpgsql
as $$
begin
    if exists (select from webhook_endpoints) then
        perform tell_of_send(d)
        from became d
        join was w on w.tenant_id = d.tenant_id and w.message_id = d.message_id
        where d.state in ('sent', 'failed') and w.state <> d.state;
    end if;
    return null;
end
$$;

create or replace trigger deliveries_told after update on deliveries
    referencing old table as was new table as became
    for each statement execute function tell_of_sends();

create or replace function tell_of_send_at_once() returns trigger
language plpgsql
as $$
begin
    perform tell_of_send(new);
    return null;
end
$$;

create or replace trigger deliveries_told_at_once after insert on deliveries
    for each row when (new.state = 'failed') execute function tell_of_send_at_once();

create or replace function tell_of_lead() returns trigger
language plpgsql
as $$
begin
    if wants_webhooks(new.tenant_id, 'lead.qualified') then
        perform record_webhook_event(
            new.tenant_id, 'lead.qualified',
            (select c.id from conversations c
             where c.tenant_id = new.tenant_id and c.contact_id = new.contact_id
             order by c.status = 'closed', c.created_at desc
             limit 1),
            jsonb_build_object('leadId', new.id, 'contactId', new.contact_id, 'qualification', new.qualification,
                'score', new.score, 'was', old.qualification));
    end if;
    return null;
end
$$;

create or replace trigger leads_told after update on leads
    for each row when (old.qualification is distinct from new.qualification and new.qualification <> 'unknown')
    execute function tell_of_lead();

create or replace function tell_of_survey() returns trigger
language plpgsql
as $$
begin
    perform tell_webhooks(
        new.tenant_id, 'survey.answered', new.conversation_id,
        jsonb_build_object('survey', new.kind, 'score', new.score, 'agentId', new.agent_id), new.flow_id);
    return null;
end
$$;

create or replace trigger survey_answers_told after insert on survey_answers
    for each row execute function tell_of_survey();

reset lock_timeout;
