-- What the tables' owners offer to the other rooms: functions and read views, so that a statement of one room touches
-- no table of another (Functions.Tests/Architecture/SqlArrowTests.cs). What stood in many statements stands here once.

-- Messaging: the bodies of queue messages that statements write.

create function turn_due(tenant uuid, conversation uuid, turn bigint) returns text
language sql stable parallel safe
as $$
select '{"v":1,"tenant":"' || tenant || '","conversation":"' || conversation || '","turn":' || turn || '}'
$$;

create function delivery_due(tenant uuid, message uuid) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","message":"' || message || '"}' $$;

create function flow_due(tenant uuid, flow uuid) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","flow":"' || flow || '"}' $$;

create function survey_due(tenant uuid, conversation uuid) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","conversation":"' || conversation || '"}' $$;

create function dispatch_due(tenant uuid) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","errand":"dispatch"}' $$;

-- Messaging: puts a message into the queue, in the caller's transaction. The NOTIFY is the caller's.
create function enqueue(
    id uuid, queue text, tenant uuid, subject text, body text, priority integer default 1,
    due_at timestamptz default now()) returns void
language plpgsql
as $$
begin
    insert into queue_messages (id, queue, priority, due_at, tenant_id, subject, body)
    values (enqueue.id, enqueue.queue, enqueue.priority, enqueue.due_at, tenant, enqueue.subject, enqueue.body);
end
$$;

-- Messaging: whether a message about this subject waits, or is at work.
create function is_queued(tenant uuid, about_queue text, about text) returns boolean
language plpgsql stable
as $$
begin
    return exists (
        select from queue_messages q
        where q.queue = about_queue and q.tenant_id = tenant and q.subject = about);
end
$$;

-- Messaging: what waits about these subjects waits no longer; returns those about which a message is there, or at work.
-- One look at the queue for all of them.
create function hasten(tenant uuid, about_queue text, about text[]) returns setof text
language plpgsql
as $$
begin
    return query
    with there as materialized (
        select q.id, q.subject, q.locked_by is null and q.due_at > now() as waits
        from queue_messages q
        where q.queue = about_queue and q.tenant_id = tenant and q.subject = any (about)
    ),
    hastened as (
        update queue_messages q set due_at = now()
        from there t
        where q.id = t.id and t.waits and q.locked_by is null
    )
    select distinct t.subject from there t;
end
$$;

-- Messaging: whether this very message about the subject died since.
create function is_dead(tenant uuid, about_queue text, about text, what text, since timestamptz) returns boolean
language plpgsql stable
as $$
begin
    return exists (
        select from queue_dead_letters l
        where l.subject = about and l.queue = about_queue and l.tenant_id = tenant and l.died_at > since
            and l.body = what);
end
$$;

-- Messaging: where an accepted event lies that was not recorded yet: in the queue before among the dead letters.
create function find_accepted(tenant uuid, about text)
returns table (place text, enqueued_at timestamptz, code text)
language sql stable
as $$
select f.place, f.enqueued_at, f.code
from (
    (select 1 as n, 'queued' as place, q.enqueued_at, null::text as code
     from queue_messages q
     where q.tenant_id = tenant and q.queue = 'message-processing' and q.subject = about
     limit 1)
    union all
    (select 2, 'dead_letter', l.enqueued_at, l.code
     from queue_dead_letters l
     where l.tenant_id = tenant and l.queue = 'message-processing' and l.subject = about
     limit 1)
) f
order by f.n
limit 1
$$;

-- Messaging: how many accepted events wait, and how many died since.
create function count_accepted(tenant uuid, since timestamptz) returns table (waiting bigint, dead bigint)
language sql stable
as $$
select
    (select count(*) from queue_messages q where q.queue = 'message-processing' and q.tenant_id = tenant),
    (select count(*) from queue_dead_letters l
     where l.queue = 'message-processing' and l.tenant_id = tenant and l.died_at >= since)
$$;

-- Flows: makes a flow look at its row.
create function wake_flow(tenant uuid, flow uuid) returns void
language plpgsql
as $$
begin
    perform enqueue(new_id(), 'flow-events', tenant, flow::text, flow_due(tenant, flow));
    perform pg_notify('vellarys_queue', 'flow-events');
end
$$;

-- Flows: makes the handoffs that wait for a person look again, when there is somebody new to ask.
create function wake_handoffs(tenant uuid) returns void
language plpgsql
as $$
begin
    perform enqueue(new_id(), 'flow-events', tenant, 'dispatch', dispatch_due(tenant));
    perform pg_notify('vellarys_queue', 'flow-events');
end
$$;

-- Flows: tells a flow that something happened; the same signal twice is one event.
create or replace function signal_flow(tenant uuid, flow uuid, signal uuid, body json) returns void
language plpgsql
as $$
begin
    insert into flow_events (tenant_id, flow_id, id, body, happened_at)
    values (tenant, flow, signal, signal_flow.body, clock_timestamp())
    on conflict do nothing;
    perform wake_flow(tenant, flow);
end
$$;

-- Flows: tells the handoff of a conversation, where one runs; returns how many heard.
create function signal_handoff(tenant uuid, conversation uuid, signal uuid, body json) returns bigint
language plpgsql
as $$
declare
    running uuid;
    heard bigint := 0;
begin
    for running in
        select f.id from flows f
        where f.tenant_id = tenant and f.conversation_id = conversation and f.name = 'handoff' and f.ended_at is null
    loop
        perform signal_flow(tenant, running, signal, body);
        heard := heard + 1;
    end loop;
    return heard;
end
$$;

-- Flows: what they keep of the words of a message that its customer changed or withdrew, which leaves other words or
-- none: the lines that agents were shown, and the turn that a survey heard.
create function forget_words(
    tenant uuid, conversation uuid, customer uuid, said_in bigint, said_at timestamptz, said text, words text)
    returns void
language plpgsql
as $$
declare
    heard record;
begin
    update notifications n set body = n.body || jsonb_build_object('summary', null, 'lastMessages', (
        select coalesce(jsonb_agg(
            case when (l.line ->> 'at')::timestamptz = said_at
                then l.line || jsonb_build_object('text', left(words, 500)) else l.line end
            order by l.place), '[]')
        from jsonb_array_elements(n.body -> 'lastMessages') with ordinality as l (line, place)))
    from flows f
    where f.tenant_id = tenant and f.conversation_id = conversation and n.tenant_id = tenant and n.flow_id = f.id
        -- The one that shows it may have begun while it was written.
        and n.created_at >= said_at - interval '1 minute' and n.body ? 'lastMessages';
    if said_in is null or said = '' then
        return;
    end if;
    select e.flow_id, e.id, e.body::jsonb as body into heard
    from flows f
    join flow_events e on e.tenant_id = f.tenant_id and e.flow_id = f.id
    where f.tenant_id = tenant and f.contact_id = customer and f.name = 'survey'
        and e.body ->> 'kind' in ('answered', 'reopened') and e.body ->> 'conversation' = conversation::text
        and (e.body ->> 'turn')::bigint >= said_in
    order by (e.body ->> 'turn')::bigint, e.seq
    limit 1;
    if not found then
        return;
    end if;
    update flow_events e set
        body = (heard.body || jsonb_build_object('text', replace(heard.body ->> 'text', said, words)))::json
    where e.tenant_id = tenant and e.flow_id = heard.flow_id and e.id = heard.id;
    update survey_answers a set comment = nullif(left(words, 1000), '')
    where a.tenant_id = tenant and a.flow_id = heard.flow_id
        and (position(a.comment in said) > 0 or position(said in a.comment) > 0);
end
$$;

-- Flows and the survey hear of every change of who owns a conversation.
create or replace function signal_charge() returns trigger
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
        perform enqueue(
            new_id(), 'nps-survey', new.tenant_id, new.id::text, survey_due(new.tenant_id, new.id), 2,
            -- A setting that is no number must not keep a conversation open.
            now() + interval '1 minute' * case
                when t.settings #>> '{survey,delayMinutes}' ~ '^\d{1,5}$'
                    then (t.settings #>> '{survey,delayMinutes}')::int
                else 5 end)
        from tenants t
        where t.id = new.tenant_id and coalesce(t.settings #>> '{survey,kind}', 'off') <> 'off';
    end if;
    return null;
end
$$;

-- Conversations: locks the customer of a conversation, so that two who begin something with them do so in turn.
create function lock_customer_of(tenant uuid, conversation uuid) returns void
language plpgsql
as $$
begin
    perform from contacts p
    where p.tenant_id = tenant
        and p.id = (select c.contact_id from conversations c where c.tenant_id = tenant and c.id = conversation)
    for no key update;
end
$$;

-- Conversations: how far winning a silent customer back has come.
create function mark_reengagement(tenant uuid, contact uuid, status text) returns void
language sql
as $$
update leads l set reengagement_status = mark_reengagement.status, updated_at = now()
where l.tenant_id = tenant and l.contact_id = contact
$$;

-- Conversations: what others read of one. Contact and lead cost nothing where no column of theirs is asked for.
create view conversation_summaries with (security_invoker = true) as
select c.tenant_id, c.id, c.channel_id, c.contact_id, c.lead_id, c.status, c.user_id, c.team_id, c.handoff_reason,
    c.summary, c.reply_to, c.last_inbound_at, c.last_message_at, c.created_at, c.closed_at,
    p.name as contact_name, p.phone as contact_phone, p.status as contact_status, p.opted_out_at,
    l.qualification, l.score, l.custom_data
from conversations c
left join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
left join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id;

-- Conversations: how many each person is in charge of, or asked to take.
create view agent_loads with (security_invoker = true) as
select c.tenant_id, c.user_id as agent_id, count(*) as load
from conversations c
where c.user_id is not null and c.status in ('waiting', 'human')
group by c.tenant_id, c.user_id;

-- Accounts: the staff as others read it, with the teams of each.
create view agents_at_work with (security_invoker = true) as
select a.tenant_id, a.id, a.name, a.role, a.active, a.presence, a.capacity, a.skills, a.hours, a.notify_url,
    a.notify_phone, a.last_offered_at,
    array(select m.team_id from team_members m where m.tenant_id = a.tenant_id and m.agent_id = a.id) as teams
from agents a;

-- Accounts: remembers who was asked last.
create function agents_asked(tenant uuid, people uuid[], at timestamptz) returns void
language sql
as $$ update agents a set last_offered_at = at where a.tenant_id = tenant and a.id = any (people) $$;

grant select on conversation_summaries, agent_loads, agents_at_work to vellarys_app;
