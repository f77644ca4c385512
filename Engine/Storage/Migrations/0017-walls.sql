-- What the tables' owners offer to the other rooms: functions and read views, so that a statement of one room touches no
-- table of another (Functions.Tests/Architecture/SqlArrowTests.cs). What stood in many statements stands here once.

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

-- Messaging: whether a message about this subject died since.
create function is_dead(tenant uuid, about_queue text, about text, since timestamptz) returns boolean
language plpgsql stable
as $$
begin
    return exists (
        select from queue_dead_letters l
        where l.subject = about and l.queue = about_queue and l.tenant_id = tenant and l.died_at > since);
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

-- Conversations: who may own one after whom. ConversationOwner.cs says the same, and a test compares them.
create function may_change_owner(was text, goes_to text) returns boolean
language sql immutable parallel safe
as $$
select case was
    when 'bot' then goes_to in ('waiting', 'human', 'closed')
    when 'waiting' then goes_to in ('bot', 'human', 'closed')
    when 'human' then goes_to in ('bot', 'waiting', 'human', 'closed')
    else false
end
$$;

-- Conversations: puts somebody else in charge, the one place for it beside record-messages.sql and answer-commit.sql,
-- which do it for sets. The caller's transaction holds the row from here on. What was unanswered gets its outcome; the
-- epoch rises, and what the bot has not sent yet is taken back, except where the bot itself lets go: its last words
-- still go out.
--   was      no row is returned, and nothing happens, unless this is who owns it now
--   person   who is in charge, or asked
--   why      a person is called: the reason they read
--   outcome, reason   of the turns that were open; what follows from goes_to where they are null
--   line     the role of a line that the caller adds at last_seq; 'bot' counts as a message to the customer
--   quietly  the bot closes what was about nothing: what it has just said is still sent
--   asks     back to the bot, and what the customer said last wants an answer
create function change_owner(
    tenant uuid, conversation uuid, goes_to text, was text default null, person uuid default null,
    why text default null, outcome text default null, reason text default null, line text default null,
    quietly boolean default false, asks boolean default false) returns setof conversations
language plpgsql
as $$
declare
    c conversations%rowtype;
    keeps_epoch boolean;
begin
    select o.* into c from conversations o where o.tenant_id = tenant and o.id = conversation for no key update;
    if not found or c.status <> was then
        return;
    end if;
    if not may_change_owner(c.status, goes_to) then
        raise exception 'a conversation cannot go from % to %', c.status, goes_to using errcode = 'VO002';
    end if;
    keeps_epoch := c.status = 'bot' and (goes_to = 'waiting' or quietly);
    if c.turn > c.answered_turn then
        insert into turns (tenant_id, conversation_id, from_turn, to_turn, outcome, reason, handoff_reason)
        values (tenant, conversation, c.answered_turn + 1, c.turn,
            coalesce(change_owner.outcome, case goes_to when 'closed' then 'ignored' else 'handed_off' end),
            coalesce(change_owner.reason, case goes_to when 'human' then 'taken_over' else goes_to end), why)
        on conflict do nothing;
    end if;
    update conversations o set
        status = goes_to,
        user_id = person,
        epoch = o.epoch + case when keeps_epoch then 0 else 1 end,
        turn = o.turn + case when asks then 1 else 0 end,
        answered_turn = o.turn,
        sealed_turn = null,
        burst_started_at = null,
        bot_attempts = 0,
        phone_at = null,
        handoff_reason = coalesce(why, o.handoff_reason),
        closed_at = case when goes_to = 'closed' then now() end,
        last_seq = o.last_seq + case when line is null then 0 else 1 end,
        last_message_at = case when line = 'bot' then now() else o.last_message_at end
    where o.tenant_id = tenant and o.id = conversation
    returning o.* into c;
    if not keeps_epoch then
        -- Sends in doubt are touched as well: who would put them back to pending waits for this transaction to end.
        update deliveries d set
            state = case when d.state = 'pending' then 'cancelled' else d.state end,
            reason = case when d.state = 'pending' then 'taken_over' else d.reason end,
            updated_at = case when d.state = 'pending' then now() else d.updated_at end
        where d.tenant_id = tenant and d.conversation_id = conversation
            and d.state in ('pending', 'sending', 'unknown') and d.class in ('reply', 'followup');
    end if;
    if asks then
        -- No message carries the turn that giving back opens: the ledger watches it from here.
        insert into custody_cases (tenant_id, conversation_id, turn, opened_at, next_redrive_at)
        values (tenant, conversation, c.turn, now() + interval '2 minutes', now() + interval '2 minutes')
        on conflict do nothing;
        perform enqueue(new_id(), 'ai-response', tenant, conversation::text, turn_due(tenant, conversation, c.turn),
            c.priority);
        perform pg_notify('vellarys_queue', 'ai-response');
    end if;
    return next c;
end
$$;

-- Conversations: asks a person to take each conversation that waits and was offered to no one; returns what was offered.
create function offer_conversations(tenant uuid, conversations uuid[], people uuid[])
returns table (conversation_id uuid, agent_id uuid)
language plpgsql
as $$
begin
    -- In the order of their ids, like everybody who locks several.
    perform from conversations c
    where c.tenant_id = tenant and c.id = any (offer_conversations.conversations)
    order by c.id
    for no key update;
    return query
    update conversations c set user_id = p.person
    from unnest(offer_conversations.conversations, people) as p (conversation, person)
    where c.tenant_id = tenant and c.id = p.conversation and c.status = 'waiting' and c.user_id is null
    returning c.id, p.person;
end
$$;

-- Conversations: the person asked is asked no more.
create function withdraw_offer(tenant uuid, conversation uuid, person uuid) returns void
language sql
as $$
update conversations c set user_id = null
where c.tenant_id = tenant and c.id = conversation and c.status = 'waiting' and c.user_id = person
$$;

-- Conversations: what one says of who owns it, whoever writes it. Into the hands of a person or of the bot no one comes
-- without a new epoch: it fences off what was written for the one before. To wait, or to be closed, it may stay.
create function guard_owner() returns trigger
language plpgsql
as $$
begin
    if old.status <> new.status and not may_change_owner(old.status, new.status) then
        raise exception 'a conversation cannot go from % to %', old.status, new.status using errcode = 'VO002';
    end if;
    if old.status = new.status and old.status = 'closed' then
        raise exception 'a closed conversation gets no other person' using errcode = 'VO002';
    end if;
    if new.epoch < old.epoch or new.status in ('bot', 'human') and new.epoch = old.epoch then
        raise exception 'a conversation cannot go to % without a new epoch', new.status using errcode = 'VO002';
    end if;
    return new;
end
$$;

create trigger conversations_owner before update on conversations
for each row when (old.status is distinct from new.status or old.user_id is distinct from new.user_id)
execute function guard_owner();

-- Conversations: a number has a new owner (0015-identity.sql); now through change_owner.
create or replace function give_up_number(tenant uuid, number text) returns uuid
language plpgsql
as $$
declare
    holder uuid;
    reachable text;
begin
    select i.contact_id into holder
    from identities i
    where i.tenant_id = tenant and i.kind = 'phone' and i.value = number;
    if holder is null then
        return null;
    end if;
    perform from conversations c
    where c.tenant_id = tenant and c.contact_id = holder
    order by c.id
    for no key update;
    delete from identities i
    where i.tenant_id = tenant and i.contact_id = holder and i.kind = 'phone' and canonical_phone(i.value) = number;
    insert into identities (tenant_id, kind, value, contact_id)
    values (tenant, 'former_phone', number, holder)
    on conflict (tenant_id, kind, value) do update set contact_id = excluded.contact_id;
    update contacts p set phone = null, updated_at = now()
    where p.tenant_id = tenant and p.id = holder and canonical_phone(p.phone) = number;
    update leads l set phone = null, updated_at = now()
    where l.tenant_id = tenant and l.contact_id = holder and canonical_phone(l.phone) = number;
    select i.value into reachable
    from identities i
    where i.tenant_id = tenant and i.contact_id = holder and i.kind in ('bsuid', 'phone')
    -- An id of theirs before a number, the latest of each.
    order by i.kind, i.created_at desc, i.value
    limit 1;
    if reachable is not null then
        update conversations c set reply_to = reachable
        where c.tenant_id = tenant and c.contact_id = holder and canonical_phone(c.reply_to) = number;
        return holder;
    end if;
    update deliveries d set state = 'cancelled', reason = 'number_given_up', updated_at = now()
    from conversations c
    where c.tenant_id = tenant and c.contact_id = holder and d.tenant_id = tenant and d.conversation_id = c.id
        and d.state = 'pending';
    perform change_owner(tenant, c.id, 'closed', outcome => 'ignored', reason => 'number_given_up')
    from conversations c
    where c.tenant_id = tenant and c.contact_id = holder and c.status <> 'closed';
    update conversations c set reply_to = '' where c.tenant_id = tenant and c.contact_id = holder;
    return holder;
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
