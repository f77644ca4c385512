-- What a tenant's own systems hear of: who wants to know what, what happened, and how far each of them was told.
-- Without what customers wrote and without numbers: those are read when a call is made.
create table webhook_endpoints (
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
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
) with (fillfactor = 70);

create table webhook_events (
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
    primary key (tenant_id, id)
);

create index ix_webhook_events_happened on webhook_events (tenant_id, happened_at, id);

create table webhook_deliveries (
    tenant_id uuid not null,
    endpoint_id uuid not null,
    event_id uuid not null,
    -- held: it came while the endpoint was disabled; dead: given up. Both wait for a replay.
    state text not null default 'pending' check (state in ('pending', 'delivered', 'dead', 'held')),
    attempts integer not null default 0,
    last_status smallint,
    last_reason text,
    last_ms integer,
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    -- Calls of an earlier round are not made any more.
    round smallint not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    primary key (tenant_id, endpoint_id, event_id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create index ix_webhook_deliveries_created
    on webhook_deliveries (tenant_id, endpoint_id, created_at desc, event_id desc);

-- What waits, or was given up: few among many, and counted with each look at an endpoint.
create index ix_webhook_deliveries_open on webhook_deliveries (tenant_id, endpoint_id, state)
    where state <> 'delivered';

call protect_tenant_table('webhook_endpoints');
call protect_tenant_table('webhook_events');
call protect_tenant_table('webhook_deliveries');

-- Webhooks: whether anybody wants to hear of it. For statements over sets, which ask once a tenant.
create function wants_webhooks(tenant uuid, event text) returns boolean
language plpgsql stable
as $$
begin
    return exists (select from webhook_endpoints e where e.tenant_id = tenant and event = any (e.events));
end
$$;

create function webhook_due(tenant uuid, event uuid, endpoint uuid, round integer) returns text
language sql stable parallel safe
as $$
select '{"v":1,"tenant":"' || tenant || '","event":"' || event || '","endpoint":"' || endpoint || '","round":' || round
    || '}'
$$;

-- Webhooks: something happened that a tenant's systems may want to hear of; in the transaction of what happened. For a
-- tenant without endpoints it is one look into a table that has none of its rows.
create function tell_webhooks(
    tenant uuid, event text, conversation uuid, facts jsonb, about uuid default null,
    about_at timestamptz default null) returns void
language plpgsql
as $$
declare
    made uuid;
    wanting record;
    calls boolean := false;
begin
    for wanting in
        select e.id, e.status from webhook_endpoints e
        where e.tenant_id = tenant and event = any (e.events)
        order by e.id
        -- One that is being removed meanwhile hears nothing more: an event of it would have no endpoint.
        for key share
    loop
        if made is null then
            made := new_id();
            insert into webhook_events (tenant_id, id, kind, conversation_id, about_id, about_at, sequence, facts)
            values (tenant, made, event, conversation, about, tell_webhooks.about_at,
                (extract(epoch from clock_timestamp()) * 1000000)::bigint, tell_webhooks.facts);
        end if;
        insert into webhook_deliveries (tenant_id, endpoint_id, event_id, state)
        values (tenant, wanting.id, made, case wanting.status when 'active' then 'pending' else 'held' end);
        if wanting.status = 'active' then
            perform enqueue(new_id(), 'webhook-delivery', tenant, made::text,
                webhook_due(tenant, made, wanting.id, 0));
            calls := true;
        end if;
    end loop;
    if calls then
        perform pg_notify('vellarys_queue', 'webhook-delivery');
    end if;
end
$$;

-- Conversations: the words of a message as they stand now; none where it was taken back.
create function message_words(message uuid, made_at timestamptz) returns text
language sql stable
as $$ select m.body from messages m where m.id = message and m.created_at = made_at and m.withdrawn_at is null $$;

-- Flows: what a customer wrote beside the mark of a survey.
create function survey_comment(tenant uuid, flow uuid) returns text
language sql stable
as $$ select a.comment from survey_answers a where a.tenant_id = tenant and a.flow_id = flow $$;

-- message.received is told by record-messages.sql, for a set.
create function tell_of_conversation() returns trigger
language plpgsql
as $$
declare
    facts jsonb := jsonb_build_object('channelId', new.channel_id, 'contactId', new.contact_id, 'leadId', new.lead_id);
begin
    if tg_op = 'INSERT' then
        perform tell_webhooks(new.tenant_id, 'conversation.opened', new.id, facts);
    elsif new.status = 'closed' then
        perform tell_webhooks(new.tenant_id, 'conversation.closed', new.id, facts
            || jsonb_build_object('closedFrom', old.status, 'agentId', old.user_id));
    elsif new.status = 'waiting' then
        perform tell_webhooks(new.tenant_id, 'handoff.requested', new.id, facts
            || jsonb_build_object('reason', new.handoff_reason, 'teamId', new.team_id));
    else
        perform tell_webhooks(new.tenant_id, 'handoff.accepted', new.id, facts
            || jsonb_build_object('agentId', new.user_id, 'acceptedFrom', old.status));
    end if;
    return null;
end
$$;

create trigger conversations_opened after insert on conversations
    for each row execute function tell_of_conversation();
create trigger conversations_told after update on conversations
    for each row when (old.status is distinct from new.status and new.status <> 'bot')
    execute function tell_of_conversation();

create function tell_of_send() returns trigger
language plpgsql
as $$
begin
    perform tell_webhooks(
        new.tenant_id, case new.state when 'sent' then 'message.sent' else 'message.failed' end, new.conversation_id,
        jsonb_build_object('messageId', new.message_id, 'channelId', new.channel_id, 'messageSeq', new.seq,
            'class', new.class, 'providerMessageId', new.provider_message_id)
        || case new.state when 'failed' then jsonb_build_object('reason', new.reason) else '{}' end,
        new.message_id, new.message_created_at);
    return null;
end
$$;

create trigger deliveries_told after update on deliveries
    for each row when (old.state is distinct from new.state and new.state in ('sent', 'failed'))
    execute function tell_of_send();
create trigger deliveries_told_at_once after insert on deliveries
    for each row when (new.state = 'failed') execute function tell_of_send();

create function tell_of_lead() returns trigger
language plpgsql
as $$
begin
    if wants_webhooks(new.tenant_id, 'lead.qualified') then
        perform tell_webhooks(
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

create trigger leads_told after update on leads
    for each row when (old.qualification is distinct from new.qualification and new.qualification <> 'unknown')
    execute function tell_of_lead();

create function tell_of_survey() returns trigger
language plpgsql
as $$
begin
    perform tell_webhooks(
        new.tenant_id, 'survey.answered', new.conversation_id,
        jsonb_build_object('survey', new.kind, 'score', new.score, 'agentId', new.agent_id), new.flow_id);
    return null;
end
$$;

create trigger survey_answers_told after insert on survey_answers
    for each row execute function tell_of_survey();
