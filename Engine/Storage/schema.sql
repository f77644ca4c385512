CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE FUNCTION public.activate_prompt(tenant uuid, wanted integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    perform keep_prompt(tenant);
    if not exists (select from prompt_versions v where v.tenant_id = tenant and v.version = wanted) then
        return false;
    end if;
    update tenants t set settings = jsonb_set(t.settings, '{prompt}', to_jsonb(v.body)), updated_at = now()
    from prompt_versions v
    where t.id = tenant and v.tenant_id = tenant and v.version = wanted;
    update prompt_versions v set active = false where v.tenant_id = tenant and v.active and v.version <> wanted;
    update prompt_versions v set active = true, activated_at = now()
    where v.tenant_id = tenant and v.version = wanted and not v.active;
    return true;
end
$$;

CREATE FUNCTION public.add_canonical_phone() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    holder uuid;
begin
    insert into identities (tenant_id, kind, value, contact_id)
    values (new.tenant_id, 'phone', canonical_phone(new.value), new.contact_id)
    on conflict (tenant_id, kind, value) do nothing;
    select i.contact_id into holder
    from identities i
    where i.tenant_id = new.tenant_id and i.kind = 'phone' and i.value = canonical_phone(new.value);
    if holder is distinct from new.contact_id then
        insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
        values (new.tenant_id, least(holder, new.contact_id), greatest(holder, new.contact_id), 'same number')
        on conflict do nothing;
    end if;
    return null;
end
$$;

CREATE FUNCTION public.address_of(tenant uuid, channel uuid, customer uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$
select coalesce(
    (select nullif(c.reply_to, '') from conversations c
     where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = customer
     order by c.status = 'closed', c.created_at desc
     limit 1),
    (select p.phone from contacts p where p.tenant_id = tenant and p.id = customer),
    (select i.value from identities i
     where i.tenant_id = tenant and i.contact_id = customer
         and (i.kind = 'phone' or i.kind = 'bsuid' and i.channel_id = channel)
     order by i.kind desc, i.created_at desc
     limit 1))
$$;

CREATE FUNCTION public.agents_asked(tenant uuid, people uuid[], at timestamp with time zone) RETURNS void
    LANGUAGE sql
    AS $$ update agents a set last_offered_at = at where a.tenant_id = tenant and a.id = any (people) $$;

CREATE FUNCTION public.app_directory() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select coalesce(current_setting('app.directory', true), '') = 'on' $$;

CREATE FUNCTION public.app_tenants() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select string_to_array(nullif(current_setting('app.tenants', true), ''), ',')::uuid[] $$;

CREATE FUNCTION public.app_worker() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
select coalesce(current_setting('app.worker', true), '') = 'on'
    or current_setting('application_name') = 'vellarys_api'
$$;

CREATE FUNCTION public.assert_all_recorded(expected bigint, recorded bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
begin
    if expected <> recorded then
        raise exception 'a conversation was closed while a message for it was recorded' using errcode = '40001';
    end if;
    return recorded;
end
$$;

CREATE FUNCTION public.assert_in_order(ids uuid[]) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if exists (select from overtaking(ids)) then
        raise exception 'an earlier message of the same customer comes first' using errcode = 'VO001';
    end if;
end
$$;

CREATE FUNCTION public.campaign_due(tenant uuid, campaign uuid, round integer) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","campaign":"' || campaign || '","round":' || round || '}' $$;

CREATE FUNCTION public.canonical_phone(digits text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when digits ~ '^55[1-9]{2}[6-9][0-9]{7}$' then substr(digits, 1, 4) || '9' || substr(digits, 5)
        when digits ~ '^521[2-9][0-9]{9}$' then '52' || substr(digits, 4)
        when digits ~ '^54[1-3][0-9]{9}$' then '549' || substr(digits, 3)
        else digits
    end
    $_$;

CREATE FUNCTION public.change_identity(tenant uuid, channel uuid, event text, what text, kinds text[], known text[], new_phone text, new_bsuid text, address text, message uuid, note text, sent timestamp with time zone, received timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
declare
    who uuid;
    other uuid;
    given text;
    spoken uuid;
    came_first boolean := false;
begin
    insert into receipts (tenant_id, channel_id, provider_message_id, kind, outcome, received_at)
    values (tenant, channel, event, 'N', 'ignored:' || what, received)
    on conflict do nothing;
    if not found then
        return null;
    end if;
    select i.contact_id into who
    from unnest(kinds, known) with ordinality as k (kind, value, place)
    join identities i on i.tenant_id = tenant and i.kind = k.kind and i.value = k.value
    order by k.place
    limit 1;
    if who is null then
        return null;
    end if;
    update conversations c set last_seq = c.last_seq + 1
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = who and c.status <> 'closed'
    returning c.id into spoken;
    if spoken is not null then
        insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, external_id,
            sent_at, received_at)
        select tenant, message, c.id, c.lead_id, channel, c.last_seq, 'sistema', 'system', note, event, sent, received
        from conversations c
        where c.tenant_id = tenant and c.id = spoken;
    end if;
    if what = 'owner_changed' then
        -- A new owner has an account of their own: where accounts are known, the next message tells who writes.
        if not exists (
            select from identities i
            where i.tenant_id = tenant and i.contact_id = who and i.kind = 'bsuid'
                and coalesce(i.channel_id, channel) = channel) then
            foreach given in array known loop
                perform give_up_number(tenant, given, since => sent);
            end loop;
        end if;
        return spoken;
    end if;
    for other in
        select i.contact_id from identities i
        where i.tenant_id = tenant and i.contact_id <> who
            and (i.kind = 'phone' and i.value = new_phone or i.kind = 'bsuid' and i.value = new_bsuid)
    loop
        insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
        values (tenant, least(who, other), greatest(who, other), what)
        on conflict do nothing;
    end loop;
    if new_bsuid is not null then
        insert into identities (tenant_id, kind, value, contact_id, channel_id)
        values (tenant, 'bsuid', new_bsuid, who, channel)
        on conflict (tenant_id, kind, value) do update set contact_id = excluded.contact_id;
    end if;
    if new_phone is not null then
        select i.contact_id into other
        from identities i
        where i.tenant_id = tenant and i.kind = 'phone' and i.value = new_phone;
        if other <> who then
            -- Whoever wrote from the new number before we heard of it, and never before it was theirs, is this
            -- customer: what they said there goes on there.
            select p.created_at >= sent - interval '1 minute' and exists (
                select from conversations c
                where c.tenant_id = tenant and c.contact_id = other and c.last_inbound_at >= sent)
            into came_first
            from contacts p
            where p.tenant_id = tenant and p.id = other;
            if came_first then
                update contacts p set opted_out_at = w.opted_out_at, updated_at = now()
                from contacts w
                where w.tenant_id = tenant and w.id = who and w.opted_out_at is not null
                    and p.tenant_id = tenant and p.id = other and p.opted_out_at is null and p.opted_by is null;
            else
                perform give_up_number(tenant, new_phone, since => sent);
            end if;
        end if;
        insert into identities (tenant_id, kind, value, contact_id)
        values (tenant, 'phone', new_phone, who)
        on conflict do nothing;
        -- Their old numbers, whether the event names them or not: somebody else will have them one day.
        for given in
            select distinct canonical_phone(i.value) from identities i
            where i.tenant_id = tenant and i.contact_id = who and i.kind = 'phone'
                and canonical_phone(i.value) <> new_phone
        loop
            perform give_up_number(tenant, given, reached_at => address);
        end loop;
        update contacts p set phone = coalesce(p.phone, new_phone) where p.tenant_id = tenant and p.id = who;
        update leads l set phone = coalesce(l.phone, new_phone) where l.tenant_id = tenant and l.contact_id = who;
    end if;
    update conversations c set reply_to = address
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = who;
    return spoken;
end
$$;

CREATE FUNCTION public.change_message(tenant uuid, channel uuid, target text, change text, speaker text, writer text[], new_body text, new_details text, new_payload text, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    m record;
    left_over text := case change when 'edit' then new_body else '' end;
begin
    select o.id, o.created_at, o.conversation_id, o.lead_id, o.seq, o.turn, o.kind, o.body, o.edited_at, o.withdrawn_at,
        c.contact_id into m
    from messages o
    join conversations c on c.tenant_id = tenant and c.id = o.conversation_id
    where o.external_id = target and o.tenant_id = tenant and o.channel_id = channel and o.role = speaker
        and (speaker <> 'cliente' or exists (
            select from identities i
            where i.tenant_id = tenant and i.kind in ('bsuid', 'phone') and i.value = any (writer)
                and i.contact_id = c.contact_id))
    limit 1;
    if not found then
        return false;
    end if;
    if change = 'edit' and (m.withdrawn_at is not null or m.edited_at > at) then
        left_over := m.body;
    else
        update messages o set
            body = left_over,
            details = case change when 'edit' then coalesce(new_details, o.details) end,
            payload = case change when 'edit' then new_payload end,
            edited_at = case change when 'edit' then at else o.edited_at end,
            withdrawn_at = case change when 'revoke' then coalesce(o.withdrawn_at, at) end
        where o.id = m.id and o.created_at = m.created_at;
        perform forget_words(
            tenant, m.conversation_id, m.contact_id, m.turn, m.created_at, m.body,
            case when change = 'revoke' or m.kind = 'text' then left_over else '[' || m.kind || ']' end);
    end if;
    -- The edits themselves are lines that staff see; they may have come before.
    perform reword_edits(tenant, m.lead_id, target, left_over, m.created_at - interval '30 days');
    update conversations c set summary = null, summary_seq = 0
    where c.tenant_id = tenant and c.id = m.conversation_id and c.summary is not null and c.summary_seq >= m.seq;
    return true;
end
$$;

CREATE TABLE public.conversations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    status text DEFAULT 'bot'::text NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    user_id uuid,
    team_id uuid,
    reply_to text NOT NULL,
    epoch integer DEFAULT 0 NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    answered_turn bigint DEFAULT 0 NOT NULL,
    sealed_turn bigint,
    burst_started_at timestamp with time zone,
    last_seq bigint DEFAULT 0 NOT NULL,
    window_started_at timestamp with time zone,
    window_count integer DEFAULT 0 NOT NULL,
    bot_attempts smallint DEFAULT 0 NOT NULL,
    handoff_reason text,
    summary text,
    summary_seq bigint DEFAULT 0 NOT NULL,
    last_inbound_at timestamp with time zone,
    last_message_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    phone_at timestamp with time zone,
    listed_at timestamp with time zone DEFAULT date_bin('00:15:00'::interval, now(), '2000-01-01 00:00:00+00'::timestamp with time zone) NOT NULL,
    CONSTRAINT conversations_status_check CHECK ((status = ANY (ARRAY['bot'::text, 'waiting'::text, 'human'::text, 'closed'::text])))
)
WITH (fillfactor='60', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.conversations FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.change_owner(tenant uuid, conversation uuid, goes_to text, was text DEFAULT NULL::text, person uuid DEFAULT NULL::uuid, why text DEFAULT NULL::text, outcome text DEFAULT NULL::text, reason text DEFAULT NULL::text, line text DEFAULT NULL::text, quietly boolean DEFAULT false, asks boolean DEFAULT false) RETURNS SETOF public.conversations
    LANGUAGE plpgsql
    AS $$
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
        last_message_at = case when line = 'bot' then now() else o.last_message_at end,
        listed_at = case when line = 'bot' then listed_at(now()) else o.listed_at end
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

CREATE FUNCTION public.channels_of(tenant uuid) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ select count(*) from channels c where c.tenant_id = tenant $$;

CREATE FUNCTION public.count_accepted(tenant uuid, since timestamp with time zone) RETURNS TABLE(waiting bigint, dead bigint)
    LANGUAGE sql STABLE
    AS $$
select
    (select count(*) from queue_messages q where q.queue = 'message-processing' and q.tenant_id = tenant),
    (select count(*) from queue_dead_letters l
     where l.queue = 'message-processing' and l.tenant_id = tenant and l.died_at >= since)
$$;

CREATE FUNCTION public.customer_wrote(tenant uuid, flow uuid, conversation uuid, turn bigint, opts_out boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform signal_flow(tenant, flow, new_id(), json_build_object(
        'kind', 'customer_wrote', 'conversation', conversation, 'turn', turn, 'optsOut', opts_out));
    update deliveries d set state = 'cancelled', reason = 'customer_wrote', updated_at = now()
    where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' and d.class = 'followup';
end
$$;

CREATE FUNCTION public.delivery_due(tenant uuid, message uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","message":"' || message || '"}' $$;

CREATE FUNCTION public.dispatch_due(tenant uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","errand":"dispatch"}' $$;

CREATE FUNCTION public.enqueue(id uuid, queue text, tenant uuid, subject text, body text, priority integer DEFAULT 1, due_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into queue_messages (id, queue, priority, due_at, tenant_id, subject, body)
    values (enqueue.id, enqueue.queue, enqueue.priority, enqueue.due_at, tenant, enqueue.subject, enqueue.body);
end
$$;

CREATE PROCEDURE public.ensure_message_partitions(IN months_ahead integer DEFAULT 3)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    start date := date_trunc('month', now() at time zone 'utc')::date;
    first date;
    name text;
begin
    -- Two instances may come to this at the same moment.
    perform pg_advisory_xact_lock(hashtext('ensure_message_partitions'));
    for i in -1..months_ahead loop
        first := (start + make_interval(months => i))::date;
        name := 'messages_' || to_char(first, 'YYYY_MM');
        if to_regclass(name) is null then
            execute format('create table %I partition of messages for values from (%L) to (%L)',
                name, first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00');
            execute format('alter table %I enable row level security', name);
            execute format('alter table %I force row level security', name);
        end if;
    end loop;
end
$$;

CREATE FUNCTION public.find_accepted(tenant uuid, about text) RETURNS TABLE(place text, enqueued_at timestamp with time zone, code text)
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.flow_due(tenant uuid, flow uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","flow":"' || flow || '"}' $$;

CREATE FUNCTION public.forget_words(tenant uuid, conversation uuid, customer uuid, said_in bigint, said_at timestamp with time zone, said text, words text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.give_up_number(tenant uuid, number text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, reached_at text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
declare
    holder uuid;
    reachable text;
    talk conversations%rowtype;
    unsent bigint;
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
    reachable := coalesce(reachable, reached_at);
    if reachable is not null then
        update conversations c set reply_to = reachable
        where c.tenant_id = tenant and c.contact_id = holder and canonical_phone(c.reply_to) = number;
        return holder;
    end if;
    for talk in
        select o.* from conversations o
        where o.tenant_id = tenant and o.contact_id = holder and o.status <> 'closed'
        order by o.id
    loop
        with gone as (
            update deliveries d set state = 'cancelled', reason = 'number_given_up', updated_at = now()
            where d.tenant_id = tenant and d.conversation_id = talk.id and d.state = 'pending'
            returning d.class
        )
        select count(*) filter (where g.class = 'reply') into unsent from gone g;
        if talk.status = 'bot' and (unsent > 0 or talk.turn > talk.answered_turn) then
            perform change_owner(tenant, talk.id, 'waiting', why => 'number_given_up', reason => 'number_given_up');
        elsif talk.status = 'bot' then
            perform change_owner(tenant, talk.id, 'closed', reason => 'number_given_up');
        end if;
    end loop;
    update conversations c set reply_to = ''
    where c.tenant_id = tenant and c.contact_id = holder
        and (c.status = 'closed' or since is null or coalesce(c.last_inbound_at < since, true));
    return holder;
end
$$;

CREATE FUNCTION public.guard_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.hasten(tenant uuid, about_queue text, about text[]) RETURNS SETOF text
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.id_floor(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select (lpad(to_hex(greatest((extract(epoch from at) * 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid $$;

CREATE FUNCTION public.is_dead(tenant uuid, about_queue text, about text, what text, since timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from queue_dead_letters l
        where l.subject = about and l.queue = about_queue and l.tenant_id = tenant and l.died_at > since
            and l.body = what);
end
$$;

CREATE FUNCTION public.is_queued(tenant uuid, about_queue text, about text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from queue_messages q
        where q.queue = about_queue and q.tenant_id = tenant and q.subject = about);
end
$$;

CREATE FUNCTION public.is_word(role text, kind text, withdrawn_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
select role <> 'sistema' and withdrawn_at is null
    and kind not in ('reaction', 'edit', 'revoke', 'system', 'group', 'request_welcome')
$$;

CREATE FUNCTION public.keep_media(tenant uuid, media uuid, channel uuid, message uuid, kind text, mime_type text, file_name text, size_bytes bigint, reference text, is_voice boolean, is_view_once boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into media (tenant_id, id, channel_id, message_id, kind, is_voice, is_view_once, mime_type, file_name,
        size_bytes, reference, state)
    values (tenant, keep_media.media, channel, message, keep_media.kind, keep_media.is_voice, keep_media.is_view_once,
        keep_media.mime_type, keep_media.file_name, keep_media.size_bytes, keep_media.reference, 'waiting');
    perform enqueue(
        keep_media.media, 'image-analysis', tenant, keep_media.media::text,
        media_due(tenant, keep_media.media));
end
$$;

CREATE FUNCTION public.keep_prompt(tenant uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    said text;
begin
    select coalesce(t.settings ->> 'prompt', '') into said from tenants t where t.id = tenant for no key update;
    if not found or exists (
        select from prompt_versions v where v.tenant_id = tenant and v.active and v.body = said) then
        return;
    end if;
    update prompt_versions v set active = false where v.tenant_id = tenant and v.active;
    insert into prompt_versions (tenant_id, version, body, active, activated_at)
    select tenant, coalesce(max(v.version), 0) + 1, said, true, now()
    from prompt_versions v where v.tenant_id = tenant;
end
$$;

CREATE FUNCTION public.listed_at(last_message_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select date_bin('15 minutes', last_message_at, timestamptz '2000-01-01 00:00:00+00') $$;

CREATE FUNCTION public.lock_conversations(tenant uuid, channel uuid, customers uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform from conversations c
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = any (customers) and c.status <> 'closed'
    order by c.id
    for no key update;
end
$$;

CREATE FUNCTION public.lock_customer_of(tenant uuid, conversation uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform from contacts p
    where p.tenant_id = tenant
        and p.id = (select c.contact_id from conversations c where c.tenant_id = tenant and c.id = conversation)
    for no key update;
end
$$;

CREATE FUNCTION public.mark_reengagement(tenant uuid, contact uuid, status text) RETURNS void
    LANGUAGE sql
    AS $$
update leads l set reengagement_status = mark_reengagement.status, updated_at = now()
where l.tenant_id = tenant and l.contact_id = contact
$$;

CREATE FUNCTION public.may_change_owner(was text, goes_to text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
select case was
    when 'bot' then goes_to in ('waiting', 'human', 'closed')
    when 'waiting' then goes_to in ('bot', 'human', 'closed')
    when 'human' then goes_to in ('bot', 'waiting', 'human', 'closed')
    else false
end
$$;

CREATE FUNCTION public.media_due(tenant uuid, media uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","media":"' || media || '"}' $$;

CREATE FUNCTION public.media_of(tenant uuid, message uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
select jsonb_build_object('id', m.id, 'kind', m.kind, 'state', m.state, 'mimeType', m.mime_type,
    'fileName', m.file_name, 'sizeBytes', m.size_bytes, 'isVoice', m.is_voice, 'isViewOnce', m.is_view_once,
    'reason', m.reason)
from media m
where m.tenant_id = tenant and m.message_id = message
limit 1
$$;

CREATE FUNCTION public.message_words(message uuid, made_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    AS $$ select m.body from messages m where m.id = message and m.created_at = made_at and m.withdrawn_at is null $$;

CREATE FUNCTION public.new_id() RETURNS uuid
    LANGUAGE sql
    AS $$
    select cast(
        lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14) as uuid)
    $$;

CREATE FUNCTION public.offer_conversations(tenant uuid, conversations uuid[], people uuid[]) RETURNS TABLE(conversation_id uuid, agent_id uuid)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.only_channel(tenant uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ select (array_agg(c.id))[1] from channels c where c.tenant_id = tenant having count(*) = 1 $$;

CREATE FUNCTION public.overtaking(ids uuid[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
begin
    return query
    select own.id
    from unnest(ids) with ordinality as i (id, place)
    cross join lateral (
        select q.id, q.order_key, q.enqueued_at
        from queue_messages q
        where q.id = i.id
        limit 1
    ) own
    cross join lateral (
        select q.id
        from queue_messages q
        where q.order_key = own.order_key and (q.enqueued_at, q.id) < (own.enqueued_at, own.id)
            and (q.history is null or q.enqueued_at > now() - interval '10 minutes')
            and coalesce(array_position(ids, q.id) > i.place, true)
        limit 1
    ) ahead;
end
$$;

CREATE FUNCTION public.phone_left_waiting(tenant uuid, conversation uuid) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
select coalesce((
    select m.role = 'cliente'
    from messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and is_word(m.role, m.kind, m.withdrawn_at)
    order by m.created_at desc, m.seq desc
    limit 1), false)
$$;

CREATE FUNCTION public.plan_has_room(tenant uuid, what text, used bigint) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
select coalesce((
    select used < case what when 'channels' then p.channels when 'users' then p.users end
    from tenants t
    join plans p on p.id = t.plan_id
    where t.id = tenant), true)
$$;

CREATE PROCEDURE public.protect_tenant_table(IN name regclass, IN key text DEFAULT 'tenant_id'::text, IN directory boolean DEFAULT false)
    LANGUAGE plpgsql
    AS $$
declare
    own text := format('%I = any ((select app_tenants())::uuid[])', key);
    seen text := case when directory then own || ' or (select app_directory())' else own end;
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy tenant_select on %s for select using (%s)', name, seen);
    execute format('create policy tenant_insert on %s for insert with check (%s)', name, own);
    execute format('create policy tenant_update on %s for update using (%s) with check (%s)', name, own, own);
    execute format('create policy tenant_delete on %s for delete using (%s)', name, own);
    execute format('grant select, insert, update, delete on %s to vellarys_app', name);
end
$$;

CREATE FUNCTION public.prune_idempotency_keys(tenant uuid) RETURNS bigint
    LANGUAGE sql
    AS $$
with pruned as (
    delete from idempotency_keys k
    where k.tenant_id = tenant and k.claimed_at < now() - interval '25 hours'
    returning 1
)
select count(*) from pruned
$$;

CREATE FUNCTION public.quoted_message(tenant uuid, channel uuid, target text) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$
    select array[q.role, q.body, q.kind]
    from (
        (select m.role, left(m.body, 500) as body, m.kind
         from messages m
         where m.external_id = target and m.tenant_id = tenant and m.channel_id = channel
         limit 1)
        union all
        (select m.role, left(m.body, 500), m.kind
         from deliveries d
         join messages m on m.id = d.message_id and m.created_at = d.message_created_at
         where d.channel_id = channel and d.provider_message_id = target and d.tenant_id = tenant
         limit 1)
    ) q
    limit 1
    $$;

CREATE FUNCTION public.record_change(tenant uuid, channel uuid, target text, change text, speaker text, writer text[], new_body text, new_details text, new_payload text, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    if change_message(
        tenant, channel, target, change, speaker, writer, new_body, new_details, new_payload, at) then
        return true;
    end if;
    insert into early_changes as e (tenant_id, channel_id, external_id, kind, role, known, body, details, payload,
        sent_at)
    values (tenant, channel, target, change, speaker, writer, new_body, new_details, new_payload, at)
    on conflict (tenant_id, channel_id, external_id, kind, known) do update set
        body = excluded.body, details = excluded.details, payload = excluded.payload, sent_at = excluded.sent_at
    where e.sent_at <= excluded.sent_at;
    if exists (
        select from early_changes e
        where e.tenant_id = tenant and e.channel_id = channel and e.external_id = target and e.kind = 'revoke'
            and e.role = speaker and (e.known = writer or e.known && writer)) then
        update early_changes e set body = '', details = null, payload = null
        where e.tenant_id = tenant and e.channel_id = channel and e.external_id = target and e.role = speaker
            and (e.known = writer or e.known && writer);
        perform reword_edits(tenant, l.id, target, '', now() - interval '30 days')
        from leads l
        where l.tenant_id = tenant and l.contact_id in (
            select i.contact_id from identities i
            where i.tenant_id = tenant and i.kind in ('bsuid', 'phone') and i.value = any (writer));
    end if;
    return false;
end
$$;

CREATE FUNCTION public.record_webhook_event(tenant uuid, event text, conversation uuid, facts jsonb, about uuid DEFAULT NULL::uuid, about_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.reword_edits(tenant uuid, lead uuid, target text, words text, since timestamp with time zone) RETURNS void
    LANGUAGE sql
    AS $$
    update messages o set body = words, details = null, payload = null
    where o.lead_id = lead and o.tenant_id = tenant and o.kind = 'edit' and o.refers_to = target
        and o.created_at >= since
    $$;

CREATE FUNCTION public.scheduled_due(tenant uuid, message uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
select '{"v":1,"tenant":"' || tenant || '","errand":"scheduled-message","argument":"' || message || '"}'
$$;

CREATE FUNCTION public.schema_older_than(migration integer, age interval) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select exists (select from schema_migrations where version = migration and applied_at <= now() - age) $$;

CREATE FUNCTION public.search_knowledge(tenant uuid, question text) RETURNS TABLE(title text, body text)
    LANGUAGE sql STABLE
    AS $$
    with wanted as materialized (
        select w.all_words, cast(replace(w.all_words::text, '&', '|') as tsquery) as any_word
        from plainto_tsquery('portuguese', question) as w (all_words)
        where exists (select from knowledge_documents d where d.tenant_id = tenant)
    ), terms as materialized (
        select w.all_words as term from wanted w
        union
        select plainto_tsquery('simple', lexeme)
        from wanted w, unnest(tsvector_to_array(to_tsvector('portuguese', question))) as lexeme
    ), candidates as (
        select distinct c.id
        from terms t
        cross join lateral (
            select k.id from knowledge_chunks k where k.tenant_id = tenant and k.search @@ t.term limit 300
        ) c
    )
    select k.title, k.body
    from wanted w
    cross join candidates c
    join knowledge_chunks k on k.tenant_id = tenant and k.id = c.id
    order by ts_rank_cd(k.search, w.any_word) desc, k.id
    limit 4
    $$;

CREATE FUNCTION public.send_media(tenant uuid, media uuid, message uuid, kind text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update media m set message_id = message
    where m.tenant_id = tenant and m.id = send_media.media and m.kind = send_media.kind and m.state = 'stored'
        and (m.message_id is null or m.message_id = message);
    return found;
end
$$;

CREATE FUNCTION public.send_obstacle(tenant uuid, channel uuid, customer uuid, consent text DEFAULT NULL::text, beside_people boolean DEFAULT false) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
    p contacts%rowtype;
begin
    select c.* into p from contacts c where c.tenant_id = tenant and c.id = customer;
    if not found or p.status = 'erased' then
        return 'unknown_contact';
    elsif p.status = 'blocked' then
        return 'blocked';
    elsif p.opted_out_at is not null then
        return 'opted_out';
    elsif consent is not null and coalesce(p.metadata ->> consent, '') <> 'true' then
        return 'no_consent';
    elsif address_of(tenant, channel, customer) is null then
        return 'no_number';
    elsif not beside_people and exists (
        select from conversations c
        where c.tenant_id = tenant and c.contact_id = customer and c.status in ('waiting', 'human')) then
        return 'person_in_charge';
    end if;
    return null;
end
$$;

CREATE FUNCTION public.send_unasked(tenant uuid, channel uuid, customer uuid, message uuid, flow uuid, speaker text, kind text, words text, payload text, consent text, beside_people boolean, due_at timestamp with time zone, priority integer) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    c conversations%rowtype;
    obstacle text;
    address text;
    at timestamptz;
begin
    select o.* into c from conversations o
    where o.tenant_id = tenant and o.channel_id = channel and o.contact_id = customer and o.status <> 'closed'
    for no key update;
    perform from contacts p where p.tenant_id = tenant and p.id = customer for share;
    obstacle := send_obstacle(tenant, channel, customer, consent, beside_people);
    if obstacle is not null then
        return obstacle;
    end if;
    if c.id is null then
        address := address_of(tenant, channel, customer);
        insert into leads (tenant_id, id, contact_id, phone, source)
        select tenant, new_id(), customer, p.phone, 'campaign'
        from contacts p
        where p.tenant_id = tenant and p.id = customer
        on conflict (tenant_id, contact_id) do nothing;
        insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
        select tenant, new_id(), channel, customer, l.id, address
        from leads l
        where l.tenant_id = tenant and l.contact_id = customer
        on conflict (tenant_id, channel_id, contact_id) where status <> 'closed' do nothing;
    end if;
    update conversations o set last_seq = o.last_seq + 1, last_message_at = now(), listed_at = listed_at(now()),
        reply_to = coalesce(nullif(o.reply_to, ''), address_of(tenant, channel, customer))
    where o.tenant_id = tenant and o.channel_id = channel and o.contact_id = customer and o.status <> 'closed'
    returning o.* into c;
    at := clock_timestamp();
    insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, payload,
        created_at)
    values (tenant, message, c.id, c.lead_id, channel, c.last_seq, speaker, send_unasked.kind, words,
        send_unasked.payload, at);
    insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch, class,
        flow_id)
    values (tenant, message, at, c.id, channel, c.last_seq, c.epoch, 'campaign', flow);
    perform enqueue(new_id(), 'message-delivery', tenant, message::text, delivery_due(tenant, message),
        send_unasked.priority, send_unasked.due_at);
    return null;
end
$$;

CREATE FUNCTION public.signal_charge() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
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
$_$;

CREATE FUNCTION public.signal_flow(tenant uuid, flow uuid, signal uuid, body json) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into flow_events (tenant_id, flow_id, id, body, happened_at)
    values (tenant, flow, signal, signal_flow.body, clock_timestamp())
    on conflict do nothing;
    perform wake_flow(tenant, flow);
end
$$;

CREATE FUNCTION public.signal_handoff(tenant uuid, conversation uuid, signal uuid, body json) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.start_flow(tenant uuid, kind text, conversation uuid, contact uuid, body json, hears text DEFAULT 'nothing'::text) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.survey_comment(tenant uuid, flow uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$ select a.comment from survey_answers a where a.tenant_id = tenant and a.flow_id = flow $$;

CREATE FUNCTION public.survey_due(tenant uuid, conversation uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select '{"v":1,"tenant":"' || tenant || '","conversation":"' || conversation || '"}' $$;

CREATE FUNCTION public.tell_directories() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform pg_notify('vellarys_directories', tg_table_name);
    return null;
end
$$;

CREATE FUNCTION public.tell_of_conversation() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.tell_of_lead() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.tell_of_opened() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.deliveries (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    message_created_at timestamp with time zone NOT NULL,
    conversation_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    seq bigint NOT NULL,
    epoch integer NOT NULL,
    class text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    receipt text,
    claim_id uuid,
    claimed_at timestamp with time zone,
    sends smallint DEFAULT 0 NOT NULL,
    resent boolean DEFAULT false NOT NULL,
    provider_message_id text,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    flow_id uuid,
    untold boolean DEFAULT false NOT NULL,
    failed_send text[],
    CONSTRAINT deliveries_receipt_check CHECK ((receipt = ANY (ARRAY['delivered'::text, 'read'::text, 'played'::text]))),
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.deliveries FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.tell_of_send(d public.deliveries) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.tell_of_send_at_once() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform tell_of_send(new);
    return null;
end
$$;

CREATE FUNCTION public.tell_of_sends() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.tell_of_survey() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform tell_webhooks(
        new.tenant_id, 'survey.answered', new.conversation_id,
        jsonb_build_object('survey', new.kind, 'score', new.score, 'agentId', new.agent_id), new.flow_id);
    return null;
end
$$;

CREATE FUNCTION public.tell_webhooks(tenant uuid, event text, conversation uuid, facts jsonb, about uuid DEFAULT NULL::uuid, about_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if wants_webhooks(tenant, event) then
        perform record_webhook_event(tenant, event, conversation, facts, about, tell_webhooks.about_at);
    end if;
end
$$;

CREATE FUNCTION public.template_obstacle(tenant uuid, channel uuid, title text, tongue text, places integer) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
    t message_templates%rowtype;
begin
    select m.* into t from message_templates m
    where m.tenant_id = tenant and m.channel_id = channel and m.name = title and m.language = tongue;
    if not found then
        return case when exists (
            select from message_templates m
            where m.tenant_id = tenant and m.channel_id = channel and m.synced_at is not null) then 'unknown' end;
    end if;
    return case
        when t.status <> 'approved' then t.status
        when t.places <> template_obstacle.places then 'parameters'
    end;
end
$$;

CREATE FUNCTION public.turn_due(tenant uuid, conversation uuid, turn bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
select '{"v":1,"tenant":"' || tenant || '","conversation":"' || conversation || '","turn":' || turn || '}'
$$;

CREATE FUNCTION public.unclaimed_of(tenant uuid, flow uuid) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ select count(*) from deliveries d where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' $$;

CREATE FUNCTION public.unsend(tenant uuid, flow uuid, why text) RETURNS SETOF uuid
    LANGUAGE sql
    AS $$
update deliveries d set state = 'cancelled', reason = why, updated_at = now()
where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' and d.class = 'campaign'
returning d.message_id
$$;

CREATE FUNCTION public.unsend_campaigns() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update deliveries d set state = 'cancelled', reason = 'person_in_charge', updated_at = now()
    where d.tenant_id = new.tenant_id and d.conversation_id = new.id and d.state = 'pending' and d.class = 'campaign'
        and exists (select from campaigns c where c.tenant_id = new.tenant_id and c.id = d.flow_id);
    return null;
end
$$;

CREATE FUNCTION public.unsend_unasked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update deliveries d set state = 'cancelled',
        reason = case when new.status = 'blocked' then 'blocked' else 'opted_out' end, updated_at = now()
    from conversations c
    where c.tenant_id = new.tenant_id and c.contact_id = new.id and d.tenant_id = c.tenant_id
        and d.conversation_id = c.id and d.state = 'pending' and d.class = 'campaign';
    return null;
end
$$;

CREATE FUNCTION public.wake_flow(tenant uuid, flow uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform enqueue(new_id(), 'flow-events', tenant, flow::text, flow_due(tenant, flow));
    perform pg_notify('vellarys_queue', 'flow-events');
end
$$;

CREATE FUNCTION public.wake_handoffs(tenant uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform enqueue(new_id(), 'flow-events', tenant, 'dispatch', dispatch_due(tenant));
    perform pg_notify('vellarys_queue', 'flow-events');
end
$$;

CREATE FUNCTION public.wants_webhooks(tenant uuid, event text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (select from webhook_endpoints e where e.tenant_id = tenant and event = any (e.events));
end
$$;

CREATE FUNCTION public.webhook_audience(tenants uuid[], event text) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    AS $$
select distinct e.tenant_id from webhook_endpoints e where e.tenant_id = any (tenants) and event = any (e.events)
$$;

CREATE FUNCTION public.webhook_due(tenant uuid, event uuid, endpoint uuid DEFAULT NULL::uuid, round integer DEFAULT 0) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
select '{"v":1,"tenant":"' || tenant || '","event":"' || event || '"'
    || coalesce(',"endpoint":"' || endpoint || '"', '') || ',"round":' || round || '}'
$$;

CREATE FUNCTION public.withdraw_media() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update media m set state = 'deleted', reason = 'withdrawn', reference = null
    where m.tenant_id = new.tenant_id and m.message_id = new.id and m.state in ('waiting', 'stored');
    return null;
end
$$;

CREATE FUNCTION public.withdraw_offer(tenant uuid, conversation uuid, person uuid) RETURNS void
    LANGUAGE sql
    AS $$
update conversations c set user_id = null
where c.tenant_id = tenant and c.id = conversation and c.status = 'waiting' and c.user_id = person
$$;

CREATE TABLE public.account_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    subject_id uuid,
    note text DEFAULT ''::text NOT NULL,
    address text,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.account_events FORCE ROW LEVEL SECURITY;

CREATE VIEW public.agent_loads WITH (security_invoker='true') AS
 SELECT c.tenant_id,
    c.user_id AS agent_id,
    count(*) AS load
   FROM public.conversations c
  WHERE ((c.user_id IS NOT NULL) AND (c.status = ANY (ARRAY['waiting'::text, 'human'::text])))
  GROUP BY c.tenant_id, c.user_id;

CREATE TABLE public.agents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    role text DEFAULT 'agent'::text NOT NULL,
    presence text DEFAULT 'offline'::text NOT NULL,
    capacity smallint DEFAULT 5 NOT NULL,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    hours jsonb,
    notify_url text,
    notify_phone text,
    last_offered_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    user_id uuid,
    CONSTRAINT agents_capacity_check CHECK (((capacity >= 0) AND (capacity <= 1000))),
    CONSTRAINT agents_presence_check CHECK ((presence = ANY (ARRAY['online'::text, 'away'::text, 'offline'::text]))),
    CONSTRAINT agents_role_check CHECK ((role = ANY (ARRAY['agent'::text, 'supervisor'::text])))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.agents FORCE ROW LEVEL SECURITY;

CREATE TABLE public.team_members (
    tenant_id uuid NOT NULL,
    team_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.team_members FORCE ROW LEVEL SECURITY;

CREATE VIEW public.agents_at_work WITH (security_invoker='true') AS
 SELECT a.tenant_id,
    a.id,
    a.name,
    a.role,
    a.active,
    a.presence,
    a.capacity,
    a.skills,
    a.hours,
    a.notify_url,
    a.notify_phone,
    a.last_offered_at,
    ARRAY( SELECT m.team_id
           FROM public.team_members m
          WHERE ((m.tenant_id = a.tenant_id) AND (m.agent_id = a.id))) AS teams
   FROM public.agents a;

CREATE TABLE public.api_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.contacts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id text,
    name text DEFAULT ''::text NOT NULL,
    phone text,
    status text DEFAULT 'active'::text NOT NULL,
    opted_out_at timestamp with time zone,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    opted_by uuid,
    profile_name text,
    CONSTRAINT contacts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'blocked'::text, 'erased'::text])))
);

ALTER TABLE ONLY public.contacts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.leads (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    phone text,
    source text DEFAULT 'whatsapp'::text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    qualification text DEFAULT 'unknown'::text NOT NULL,
    score smallint DEFAULT 0 NOT NULL,
    custom_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    reengagement_status text DEFAULT 'none'::text NOT NULL,
    last_activity_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT leads_qualification_check CHECK ((qualification = ANY (ARRAY['unknown'::text, 'cold'::text, 'warm'::text, 'hot'::text]))),
    CONSTRAINT leads_score_check CHECK (((score >= 0) AND (score <= 100))),
    CONSTRAINT leads_status_check CHECK ((status = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text])))
);

ALTER TABLE ONLY public.leads FORCE ROW LEVEL SECURITY;

CREATE VIEW public.campaign_contacts WITH (security_invoker='true') AS
 SELECT p.tenant_id,
    p.id,
    COALESCE(NULLIF(btrim(p.name), ''::text), NULLIF(btrim(p.profile_name), ''::text), ''::text) AS name,
    p.phone,
    p.client_id,
    p.metadata,
    p.status,
    p.created_at,
    l.status AS lead_status,
    l.qualification,
    l.last_activity_at
   FROM (public.contacts p
     LEFT JOIN public.leads l ON (((l.tenant_id = p.tenant_id) AND (l.contact_id = p.id))))
  WHERE (p.status <> 'erased'::text);

CREATE TABLE public.campaign_recipients (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    "position" integer NOT NULL,
    variant smallint DEFAULT 0 NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    reason text,
    message_id uuid,
    queued_at timestamp with time zone,
    CONSTRAINT campaign_recipients_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'queued'::text, 'skipped'::text, 'cancelled'::text])))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.campaign_recipients FORCE ROW LEVEL SECURITY;

CREATE VIEW public.unasked_sends WITH (security_invoker='true') AS
 SELECT d.tenant_id,
    d.message_id,
    d.flow_id,
    d.conversation_id,
    d.state,
    d.receipt,
    d.reason,
    d.updated_at
   FROM public.deliveries d
  WHERE (d.class = 'campaign'::text);

CREATE VIEW public.campaign_outcomes WITH (security_invoker='true') AS
 SELECT r.tenant_id,
    r.campaign_id,
    r.contact_id,
    r."position",
    r.variant,
    r.message_id,
    r.queued_at,
        CASE
            WHEN (r.state = 'pending'::text) THEN 'waiting'::text
            WHEN (r.state <> 'queued'::text) THEN r.state
            WHEN (s.state = ANY (ARRAY['pending'::text, 'sending'::text])) THEN 'queued'::text
            WHEN (s.state = 'cancelled'::text) THEN 'skipped'::text
            WHEN (s.state = 'sent'::text) THEN COALESCE(replace(s.receipt, 'played'::text, 'read'::text), 'sent'::text)
            ELSE s.state
        END AS outcome,
        CASE
            WHEN (r.state = 'queued'::text) THEN s.reason
            ELSE r.reason
        END AS reason
   FROM (public.campaign_recipients r
     LEFT JOIN public.unasked_sends s ON (((s.tenant_id = r.tenant_id) AND (s.message_id = r.message_id))));

CREATE TABLE public.campaigns (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    pause_reason text,
    variants jsonb NOT NULL,
    interval_ms integer DEFAULT 0 NOT NULL,
    first_stage integer NOT NULL,
    stage_seconds integer NOT NULL,
    max_failure_percent integer NOT NULL,
    stage_passed boolean DEFAULT false NOT NULL,
    starts_at timestamp with time zone,
    next_send_at timestamp with time zone,
    last_release_at timestamp with time zone,
    checked_at timestamp with time zone,
    total integer DEFAULT 0 NOT NULL,
    released integer DEFAULT 0 NOT NULL,
    forgiven_failures integer DEFAULT 0 NOT NULL,
    forgiven_settled integer DEFAULT 0 NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    fingerprint text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaigns_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text, 'cancelled'::text, 'finished'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.campaigns FORCE ROW LEVEL SECURITY;

CREATE TABLE public.channels (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    access_token text DEFAULT ''::text NOT NULL,
    webhook_secrets text[] DEFAULT '{}'::text[] NOT NULL,
    verify_token text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    doubt_code text,
    doubted_at timestamp with time zone,
    stop_code text,
    stopped_by text,
    stopped_at timestamp with time zone,
    probes smallint DEFAULT 0 NOT NULL,
    next_probe_at timestamp with time zone,
    webhook_secret_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    webhook_secret_ends timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    server_url text,
    CONSTRAINT channels_status_check CHECK ((status = ANY (ARRAY['active'::text, 'stopped'::text]))),
    CONSTRAINT channels_stopped_by_check CHECK ((stopped_by = ANY (ARRAY['provider'::text, 'operator'::text])))
);

ALTER TABLE ONLY public.channels FORCE ROW LEVEL SECURITY;

CREATE VIEW public.conversation_summaries WITH (security_invoker='true') AS
 SELECT c.tenant_id,
    c.id,
    c.channel_id,
    c.contact_id,
    c.lead_id,
    c.status,
    c.user_id,
    c.team_id,
    c.handoff_reason,
    c.summary,
    c.reply_to,
    c.last_inbound_at,
    c.last_message_at,
    c.created_at,
    c.closed_at,
    p.name AS contact_name,
    p.phone AS contact_phone,
    p.status AS contact_status,
    p.opted_out_at,
    l.qualification,
    l.score,
    l.custom_data
   FROM ((public.conversations c
     LEFT JOIN public.contacts p ON (((p.tenant_id = c.tenant_id) AND (p.id = c.contact_id))))
     LEFT JOIN public.leads l ON (((l.tenant_id = c.tenant_id) AND (l.id = c.lead_id))));

CREATE TABLE public.custody_cases (
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    turn bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    redrives smallint DEFAULT 0 NOT NULL,
    next_redrive_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.custody_cases FORCE ROW LEVEL SECURITY;

CREATE TABLE public.custody_watermarks (
    tenant_id uuid NOT NULL,
    checked_until timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.custody_watermarks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.early_changes (
    tenant_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    role text NOT NULL,
    known text[] DEFAULT '{}'::text[] NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    details text,
    payload text,
    sent_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT early_changes_kind_check CHECK ((kind = ANY (ARRAY['edit'::text, 'revoke'::text]))),
    CONSTRAINT early_changes_role_check CHECK ((role = ANY (ARRAY['cliente'::text, 'atendente'::text])))
);

ALTER TABLE ONLY public.early_changes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.flow_events (
    tenant_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    id uuid NOT NULL,
    seq bigint NOT NULL,
    body json NOT NULL,
    happened_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_at timestamp with time zone,
    version integer,
    state text,
    commands text[] DEFAULT '{}'::text[] NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.flow_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.flow_events ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.flow_events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.flows (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    conversation_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    state json,
    version integer DEFAULT 0 NOT NULL,
    listens text DEFAULT 'nothing'::text NOT NULL,
    wake_at timestamp with time zone,
    outcome text,
    faults smallint DEFAULT 0 NOT NULL,
    fault text,
    restarts smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    advanced_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT flows_listens_check CHECK ((listens = ANY (ARRAY['nothing'::text, 'message'::text, 'answer'::text])))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.flows FORCE ROW LEVEL SECURITY;

CREATE TABLE public.handoff_requests (
    tenant_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    urgency smallint DEFAULT 1 NOT NULL,
    since timestamp with time zone NOT NULL,
    team_id uuid,
    agent_id uuid,
    skill text,
    supervisor boolean DEFAULT false NOT NULL,
    excluded uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    told_busy boolean DEFAULT false NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.handoff_requests FORCE ROW LEVEL SECURITY;

CREATE TABLE public.idempotency_keys (
    tenant_id uuid NOT NULL,
    caller text NOT NULL,
    key bytea NOT NULL,
    fingerprint bytea NOT NULL,
    claim uuid NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    status smallint,
    location text,
    body bytea,
    withheld boolean DEFAULT false NOT NULL,
    cut_off boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.identities (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    contact_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    channel_id uuid
);

ALTER TABLE ONLY public.identities FORCE ROW LEVEL SECURITY;

CREATE TABLE public.identity_merge_suggestions (
    tenant_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    other_contact_id uuid NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.identity_merge_suggestions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_runs (
    name text NOT NULL,
    last_started_at timestamp with time zone,
    last_succeeded_at timestamp with time zone,
    last_failed_at timestamp with time zone,
    last_duration_ms bigint,
    last_failure_code text,
    consecutive_failures integer DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.knowledge_chunks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('portuguese'::regconfig, title), 'A'::"char") || setweight(to_tsvector('portuguese'::regconfig, body), 'B'::"char"))) STORED,
    created_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.knowledge_chunks ALTER COLUMN search SET STORAGE MAIN;

ALTER TABLE ONLY public.knowledge_chunks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.knowledge_documents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.knowledge_documents FORCE ROW LEVEL SECURITY;

CREATE TABLE public.licences (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    server_ip inet NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone
);

ALTER TABLE ONLY public.licences FORCE ROW LEVEL SECURITY;

CREATE TABLE public.media (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid,
    message_id uuid,
    kind text NOT NULL,
    is_voice boolean DEFAULT false NOT NULL,
    is_view_once boolean DEFAULT false NOT NULL,
    mime_type text,
    file_name text,
    size_bytes bigint,
    sha256 bytea,
    reference text,
    state text NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    stored_at timestamp with time zone,
    CONSTRAINT media_kind_check CHECK ((kind = ANY (ARRAY['image'::text, 'audio'::text, 'video'::text, 'document'::text, 'sticker'::text]))),
    CONSTRAINT media_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'stored'::text, 'refused'::text, 'gone'::text, 'failed'::text, 'deleted'::text])))
);

ALTER TABLE ONLY public.media FORCE ROW LEVEL SECURITY;

CREATE TABLE public.memberships (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    profile_id uuid,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'supervisor'::text, 'atendente'::text])))
);

ALTER TABLE ONLY public.memberships FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_templates (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    category text,
    status text DEFAULT 'draft'::text NOT NULL,
    reason text,
    quality text,
    body text DEFAULT ''::text NOT NULL,
    places integer DEFAULT 0 NOT NULL,
    provider_id text,
    synced_at timestamp with time zone,
    told_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_templates_category_check CHECK ((category = ANY (ARRAY['marketing'::text, 'utility'::text, 'authentication'::text]))),
    CONSTRAINT message_templates_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'pending'::text, 'approved'::text, 'rejected'::text, 'paused'::text, 'disabled'::text])))
);

ALTER TABLE ONLY public.message_templates FORCE ROW LEVEL SECURITY;

CREATE TABLE public.messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    seq bigint NOT NULL,
    turn bigint,
    role text NOT NULL,
    kind text DEFAULT 'text'::text NOT NULL,
    body text NOT NULL,
    external_id text,
    payload text,
    sent_at timestamp with time zone,
    received_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    refers_to text,
    details text,
    edited_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['cliente'::text, 'atendente'::text, 'bot'::text, 'sistema'::text])))
)
PARTITION BY RANGE (created_at);

ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notifications (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    flow_id uuid,
    conversation_id uuid,
    kind text NOT NULL,
    body jsonb DEFAULT '{}'::jsonb NOT NULL,
    read boolean DEFAULT false NOT NULL,
    told_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

CREATE TABLE public.oidc_states (
    state bytea NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.plan_usage (
    tenant_id uuid NOT NULL,
    month date NOT NULL,
    messages bigint DEFAULT 0 NOT NULL,
    conversations bigint DEFAULT 0 NOT NULL,
    model_tokens bigint DEFAULT 0 NOT NULL,
    counted_to timestamp with time zone NOT NULL,
    told text[] DEFAULT '{}'::text[] NOT NULL
);

ALTER TABLE ONLY public.plan_usage FORCE ROW LEVEL SECURITY;

CREATE TABLE public.plans (
    id uuid NOT NULL,
    name text NOT NULL,
    channels integer,
    users integer,
    messages_a_month bigint,
    conversations_a_month bigint,
    model_tokens_a_month bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.platform_events (
    id uuid NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    about_tenant uuid,
    subject_id uuid,
    address text,
    status smallint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.profiles (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    permissions text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.profiles FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prompt_versions (
    tenant_id uuid NOT NULL,
    version integer NOT NULL,
    body text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    active boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    activated_at timestamp with time zone
);

ALTER TABLE ONLY public.prompt_versions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.queue_consumers (
    id uuid NOT NULL,
    backend_pid integer NOT NULL,
    backend_start timestamp with time zone NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.queue_dead_letters (
    id uuid NOT NULL,
    queue text NOT NULL,
    priority smallint NOT NULL,
    attempts smallint NOT NULL,
    tenant_id uuid,
    subject text,
    body text NOT NULL,
    trace_parent text,
    code text NOT NULL,
    reason text NOT NULL,
    history jsonb DEFAULT '[]'::jsonb NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    died_at timestamp with time zone DEFAULT now() NOT NULL,
    order_key uuid
);

ALTER TABLE ONLY public.queue_dead_letters FORCE ROW LEVEL SECURITY;

CREATE TABLE public.queue_messages (
    id uuid NOT NULL,
    queue text NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    locked_by uuid,
    tenant_id uuid,
    subject text,
    body text NOT NULL,
    trace_parent text,
    history jsonb,
    enqueued_at timestamp with time zone DEFAULT now() NOT NULL,
    relayed_until timestamp with time zone,
    order_key uuid
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_insert_scale_factor='0.2', autovacuum_analyze_scale_factor='0.2', autovacuum_vacuum_cost_delay='1', autovacuum_vacuum_cost_limit='2000');

ALTER TABLE ONLY public.queue_messages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.queue_totals (
    queue text NOT NULL,
    completed bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.quick_replies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    shortcut text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.quick_replies FORCE ROW LEVEL SECURITY;

CREATE TABLE public.receipts (
    tenant_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    provider_message_id text NOT NULL,
    kind text NOT NULL,
    message_id uuid,
    outcome text,
    raw text,
    received_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.receipts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.recovery_codes (
    user_id uuid NOT NULL,
    hash bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.scheduled_messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    text text NOT NULL,
    template text,
    send_at timestamp with time zone NOT NULL,
    status text DEFAULT 'scheduled'::text NOT NULL,
    reason text,
    message_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT scheduled_messages_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'queued'::text, 'skipped'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.scheduled_messages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    last_tenant uuid,
    address_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text
);

CREATE TABLE public.setup_links (
    hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.sign_in_attempts (
    key bytea NOT NULL,
    count integer NOT NULL,
    window_ends timestamp with time zone NOT NULL
);

CREATE TABLE public.signing_keys (
    kid uuid NOT NULL,
    secret text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.support_grants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    granted_by uuid,
    reason text NOT NULL,
    until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.support_grants FORCE ROW LEVEL SECURITY;

CREATE TABLE public.survey_answers (
    tenant_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    agent_id uuid,
    kind text NOT NULL,
    score smallint,
    comment text,
    answered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT survey_answers_kind_check CHECK ((kind = ANY (ARRAY['nps'::text, 'csat'::text]))),
    CONSTRAINT survey_answers_score_check CHECK (((score >= 0) AND (score <= 10)))
);

ALTER TABLE ONLY public.survey_answers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.teams (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.teams FORCE ROW LEVEL SECURITY;

CREATE VIEW public.template_accounts WITH (security_invoker='true') AS
 SELECT c.tenant_id,
    c.id AS channel_id,
    c.kind,
    (c.settings ->> 'wabaId'::text) AS account,
    ((c.settings ->> 'templatesSyncedAt'::text))::timestamp with time zone AS synced_at
   FROM public.channels c
  WHERE (c.settings ? 'wabaId'::text);

CREATE TABLE public.unrouted_events (
    id uuid NOT NULL,
    provider text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    type text NOT NULL,
    reason text NOT NULL,
    only_for uuid,
    body text NOT NULL,
    bytes integer GENERATED ALWAYS AS (octet_length(body)) STORED NOT NULL,
    received_at timestamp with time zone NOT NULL
);

CREATE VIEW public.template_events AS
 SELECT e.id,
    ((e.body)::jsonb ->> 'raw'::text) AS raw,
    e.type,
    e.received_at
   FROM public.unrouted_events e
  WHERE (e.type = ANY (ARRAY['message_template_status_update'::text, 'message_template_quality_update'::text, 'template_category_update'::text]));

CREATE VIEW public.template_words WITH (security_invoker='true') AS
 SELECT t.tenant_id,
    t.channel_id,
    t.name,
    t.language,
    NULLIF(t.body, ''::text) AS body,
    t.category
   FROM public.message_templates t;

CREATE VIEW public.tenant_channels WITH (security_invoker='true') AS
 SELECT c.tenant_id,
    c.id,
    c.kind
   FROM public.channels c;

CREATE TABLE public.tenants (
    id uuid NOT NULL,
    name text NOT NULL,
    locale text DEFAULT 'pt-BR'::text NOT NULL,
    time_zone text DEFAULT 'America/Sao_Paulo'::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    allowed_networks text[] DEFAULT '{}'::text[] NOT NULL,
    plan_id uuid,
    plan_reached text[] DEFAULT '{}'::text[] NOT NULL,
    plan_full_since timestamp with time zone,
    CONSTRAINT tenants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
);

ALTER TABLE ONLY public.tenants FORCE ROW LEVEL SECURITY;

CREATE TABLE public.turns (
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    to_turn bigint NOT NULL,
    from_turn bigint NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    reply_id uuid,
    reply_created_at timestamp with time zone,
    source text,
    intent text,
    sentiment text,
    qualification text,
    handoff_reason text,
    model text,
    input_tokens integer DEFAULT 0 NOT NULL,
    output_tokens integer DEFAULT 0 NOT NULL,
    model_calls smallint DEFAULT 0 NOT NULL,
    latency_ms integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT turns_outcome_check CHECK ((outcome = ANY (ARRAY['replied'::text, 'handed_off'::text, 'ignored'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.turns FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    bound_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    username text NOT NULL,
    name text NOT NULL,
    password_hash text,
    active boolean DEFAULT true NOT NULL,
    is_platform_admin boolean DEFAULT false NOT NULL,
    totp_secret text,
    totp_confirmed boolean DEFAULT false NOT NULL,
    totp_step bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.webhook_deliveries (
    tenant_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_status smallint,
    last_reason text,
    last_ms integer,
    last_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    delivered_at timestamp with time zone,
    round integer DEFAULT 0 NOT NULL,
    replays smallint DEFAULT 0 NOT NULL,
    tried_since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'waiting'::text, 'delivered'::text, 'dead'::text, 'held'::text])))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE ONLY public.webhook_deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_endpoints (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    events text[] NOT NULL,
    includes_text boolean DEFAULT false NOT NULL,
    includes_contact boolean DEFAULT false NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_until timestamp with time zone,
    status text DEFAULT 'active'::text NOT NULL,
    disabled_by text,
    disabled_at timestamp with time zone,
    failing_since timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    told_failing boolean DEFAULT false NOT NULL,
    trial uuid,
    hears_since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhook_endpoints_disabled_by_check CHECK ((disabled_by = ANY (ARRAY['staff'::text, 'failures'::text]))),
    CONSTRAINT webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.webhook_endpoints FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    conversation_id uuid,
    about_id uuid,
    about_at timestamp with time zone,
    sequence bigint NOT NULL,
    facts jsonb NOT NULL,
    happened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.webhook_events FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT account_events_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_id_key UNIQUE (id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.campaign_recipients
    ADD CONSTRAINT campaign_recipients_pkey PRIMARY KEY (tenant_id, campaign_id, contact_id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_id_key UNIQUE (id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_kind_address_server_key UNIQUE NULLS NOT DISTINCT (kind, address, server_url);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.custody_cases
    ADD CONSTRAINT custody_cases_pkey PRIMARY KEY (tenant_id, conversation_id, turn);

ALTER TABLE ONLY public.custody_watermarks
    ADD CONSTRAINT custody_watermarks_pkey PRIMARY KEY (tenant_id);

ALTER TABLE public.deliveries
    ADD CONSTRAINT deliveries_class_check CHECK ((class = ANY (ARRAY['reply'::text, 'staff'::text, 'system'::text, 'campaign'::text, 'followup'::text]))) NOT VALID;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (tenant_id, message_id);

ALTER TABLE ONLY public.early_changes
    ADD CONSTRAINT early_changes_pkey PRIMARY KEY (tenant_id, channel_id, external_id, kind, known);

ALTER TABLE ONLY public.flow_events
    ADD CONSTRAINT flow_events_pkey PRIMARY KEY (tenant_id, flow_id, id);

ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.handoff_requests
    ADD CONSTRAINT handoff_requests_pkey PRIMARY KEY (tenant_id, flow_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, caller, key);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (tenant_id, kind, value);

ALTER TABLE ONLY public.identity_merge_suggestions
    ADD CONSTRAINT identity_merge_suggestions_pkey PRIMARY KEY (tenant_id, contact_id, other_contact_id);

ALTER TABLE ONLY public.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.knowledge_chunks
    ADD CONSTRAINT knowledge_chunks_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.knowledge_documents
    ADD CONSTRAINT knowledge_documents_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_tenant_id_contact_id_key UNIQUE (tenant_id, contact_id);

ALTER TABLE ONLY public.licences
    ADD CONSTRAINT licences_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, user_id);

ALTER TABLE ONLY public.message_templates
    ADD CONSTRAINT message_templates_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.message_templates
    ADD CONSTRAINT message_templates_tenant_id_channel_id_name_language_key UNIQUE (tenant_id, channel_id, name, language);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id, created_at);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.oidc_states
    ADD CONSTRAINT oidc_states_pkey PRIMARY KEY (state);

ALTER TABLE ONLY public.plan_usage
    ADD CONSTRAINT plan_usage_pkey PRIMARY KEY (tenant_id, month);

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_events
    ADD CONSTRAINT platform_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_pkey PRIMARY KEY (tenant_id, version);

ALTER TABLE ONLY public.queue_consumers
    ADD CONSTRAINT queue_consumers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.queue_dead_letters
    ADD CONSTRAINT queue_dead_letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.queue_messages
    ADD CONSTRAINT queue_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.queue_totals
    ADD CONSTRAINT queue_totals_pkey PRIMARY KEY (queue);

ALTER TABLE ONLY public.quick_replies
    ADD CONSTRAINT quick_replies_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.quick_replies
    ADD CONSTRAINT quick_replies_tenant_id_shortcut_key UNIQUE (tenant_id, shortcut);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (channel_id, provider_message_id, tenant_id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.scheduled_messages
    ADD CONSTRAINT scheduled_messages_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.setup_links
    ADD CONSTRAINT setup_links_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY public.support_grants
    ADD CONSTRAINT support_grants_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.survey_answers
    ADD CONSTRAINT survey_answers_pkey PRIMARY KEY (tenant_id, flow_id);

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_pkey PRIMARY KEY (tenant_id, team_id, agent_id);

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_pkey PRIMARY KEY (tenant_id, conversation_id, to_turn);

ALTER TABLE ONLY public.unrouted_events
    ADD CONSTRAINT unrouted_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_identities
    ADD CONSTRAINT user_identities_pkey PRIMARY KEY (issuer, subject);

ALTER TABLE ONLY public.user_identities
    ADD CONSTRAINT user_identities_user_id_issuer_key UNIQUE (user_id, issuer);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (tenant_id, endpoint_id, event_id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.webhook_events
    ADD CONSTRAINT webhook_events_pkey PRIMARY KEY (tenant_id, id);

CREATE INDEX ix_account_events_at ON public.account_events USING btree (tenant_id, at DESC, id DESC);

CREATE UNIQUE INDEX ix_agents_user ON public.agents USING btree (tenant_id, user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX ix_campaign_recipients_pending ON public.campaign_recipients USING btree (tenant_id, campaign_id, "position") WHERE (state = 'pending'::text);

CREATE UNIQUE INDEX ix_campaign_recipients_position ON public.campaign_recipients USING btree (tenant_id, campaign_id, "position");

CREATE INDEX ix_campaigns_created ON public.campaigns USING btree (tenant_id, created_at DESC, id DESC);

CREATE UNIQUE INDEX ix_campaigns_fingerprint ON public.campaigns USING btree (tenant_id, fingerprint) WHERE ((fingerprint IS NOT NULL) AND (ended_at IS NULL));

CREATE UNIQUE INDEX ix_contacts_client_id ON public.contacts USING btree (tenant_id, client_id) WHERE (client_id IS NOT NULL);

CREATE INDEX ix_contacts_metadata_gin ON public.contacts USING gin (metadata jsonb_path_ops);

CREATE INDEX ix_contacts_name_trgm ON public.contacts USING gin (name public.gin_trgm_ops);

CREATE INDEX ix_contacts_phone_status ON public.contacts USING btree (phone, status);

CREATE INDEX ix_contacts_phone_trgm ON public.contacts USING gin (phone public.gin_trgm_ops);

CREATE INDEX ix_contacts_tenant_phone ON public.contacts USING btree (tenant_id, phone);

CREATE INDEX ix_conversations_channel_contact ON public.conversations USING btree (channel_id, contact_id);

CREATE INDEX ix_conversations_contact ON public.conversations USING btree (contact_id);

CREATE INDEX ix_conversations_in_charge ON public.conversations USING btree (tenant_id, user_id) WHERE ((user_id IS NOT NULL) AND (status = ANY (ARRAY['waiting'::text, 'human'::text])));

CREATE INDEX ix_conversations_listed ON public.conversations USING btree (tenant_id, status, listed_at DESC);

CREATE UNIQUE INDEX ix_conversations_open ON public.conversations USING btree (tenant_id, channel_id, contact_id) WHERE (status <> 'closed'::text);

CREATE INDEX ix_conversations_phone ON public.conversations USING btree (tenant_id, phone_at) WHERE (phone_at IS NOT NULL);

CREATE INDEX ix_conversations_status_user ON public.conversations USING btree (status, user_id);

CREATE INDEX ix_conversations_team ON public.conversations USING btree (team_id);

CREATE INDEX ix_conversations_user ON public.conversations USING btree (user_id);

CREATE INDEX ix_conversations_user_status ON public.conversations USING btree (user_id, status);

CREATE INDEX ix_conversations_waiting ON public.conversations USING btree (tenant_id) WHERE (status = 'waiting'::text);

CREATE INDEX ix_dead_letters_queue ON public.queue_dead_letters USING btree (queue, died_at DESC);

CREATE INDEX ix_dead_letters_subject ON public.queue_dead_letters USING btree (subject);

CREATE INDEX ix_deliveries_failed ON public.deliveries USING btree (tenant_id, created_at, message_id) WHERE (state = 'failed'::text);

CREATE INDEX ix_deliveries_flow ON public.deliveries USING btree (tenant_id, flow_id) WHERE ((flow_id IS NOT NULL) AND (state = 'pending'::text));

CREATE INDEX ix_deliveries_open ON public.deliveries USING btree (conversation_id, seq) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text]));

CREATE INDEX ix_deliveries_provider_message ON public.deliveries USING btree (channel_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);

CREATE INDEX ix_deliveries_untold ON public.deliveries USING btree (tenant_id) WHERE untold;

CREATE INDEX ix_flow_events_seq ON public.flow_events USING btree (tenant_id, flow_id, seq);

CREATE INDEX ix_flow_events_unseen ON public.flow_events USING btree (tenant_id, flow_id, seq) WHERE (version IS NULL);

CREATE INDEX ix_flows_advanced ON public.flows USING btree (tenant_id, advanced_at) WHERE (ended_at IS NULL);

CREATE INDEX ix_flows_contact ON public.flows USING btree (tenant_id, contact_id, created_at);

CREATE INDEX ix_flows_conversation ON public.flows USING btree (tenant_id, conversation_id, created_at);

CREATE INDEX ix_flows_created ON public.flows USING btree (tenant_id, created_at DESC, id DESC);

CREATE INDEX ix_flows_listening ON public.flows USING btree (tenant_id, contact_id) WHERE ((ended_at IS NULL) AND (listens <> 'nothing'::text));

CREATE UNIQUE INDEX ix_flows_running ON public.flows USING btree (tenant_id, conversation_id, name) WHERE (ended_at IS NULL);

CREATE INDEX ix_flows_wake ON public.flows USING btree (tenant_id, wake_at) WHERE (ended_at IS NULL);

CREATE INDEX ix_handoff_requests_order ON public.handoff_requests USING btree (tenant_id, urgency, since);

CREATE INDEX ix_idempotency_keys_claimed ON public.idempotency_keys USING btree (tenant_id, claimed_at);

CREATE INDEX ix_identities_contact ON public.identities USING btree (tenant_id, contact_id);

CREATE INDEX ix_knowledge_chunks_search ON public.knowledge_chunks USING gin (tenant_id, search);

CREATE INDEX ix_leads_active ON public.leads USING btree (tenant_id, last_activity_at DESC) WHERE (status = 'open'::text);

CREATE INDEX ix_leads_custom_data_gin ON public.leads USING gin (custom_data jsonb_path_ops);

CREATE INDEX ix_leads_phone ON public.leads USING btree (phone) WHERE (phone IS NOT NULL);

CREATE INDEX ix_leads_reengagement ON public.leads USING btree (tenant_id, reengagement_status, last_activity_at);

CREATE INDEX ix_leads_tenant_created ON public.leads USING btree (tenant_id, created_at DESC, id DESC);

CREATE INDEX ix_leads_tenant_phone ON public.leads USING btree (tenant_id, phone);

CREATE INDEX ix_leads_tenant_qual ON public.leads USING btree (tenant_id, qualification, created_at DESC, id DESC);

CREATE INDEX ix_leads_tenant_status ON public.leads USING btree (tenant_id, status, created_at DESC, id DESC);

CREATE INDEX ix_licences_server ON public.licences USING btree (server_ip, active);

CREATE INDEX ix_media_message ON public.media USING btree (tenant_id, message_id) WHERE (message_id IS NOT NULL);

CREATE INDEX ix_media_stored ON public.media USING btree (tenant_id, stored_at) WHERE (state = 'stored'::text);

CREATE INDEX ix_media_unsent ON public.media USING btree (tenant_id, created_at) WHERE ((message_id IS NULL) AND (state <> 'deleted'::text));

CREATE INDEX ix_media_waiting ON public.media USING btree (tenant_id, created_at) WHERE (state = 'waiting'::text);

CREATE INDEX ix_media_withdrawn ON public.media USING btree (tenant_id) WHERE ((state = 'deleted'::text) AND (sha256 IS NOT NULL));

CREATE INDEX ix_memberships_active ON public.memberships USING btree (tenant_id, active);

CREATE INDEX ix_memberships_profile ON public.memberships USING btree (tenant_id, profile_id) WHERE (profile_id IS NOT NULL);

CREATE INDEX ix_memberships_user ON public.memberships USING btree (user_id);

CREATE INDEX ix_messages_conversation_created ON ONLY public.messages USING btree (tenant_id, conversation_id, created_at DESC, seq DESC);

CREATE INDEX ix_messages_created ON ONLY public.messages USING brin (created_at);

CREATE INDEX ix_messages_external_id ON ONLY public.messages USING btree (external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX ix_messages_lead_created ON ONLY public.messages USING btree (lead_id, created_at);

CREATE INDEX ix_messages_lead_created_role ON ONLY public.messages USING btree (lead_id, created_at, role);

CREATE INDEX ix_notifications_agent ON public.notifications USING btree (tenant_id, agent_id, created_at DESC);

CREATE INDEX ix_notifications_flow ON public.notifications USING btree (tenant_id, flow_id);

CREATE INDEX ix_notifications_unread ON public.notifications USING btree (tenant_id, read) WHERE (read = false);

CREATE INDEX ix_oidc_states_used ON public.oidc_states USING btree (used_at);

CREATE INDEX ix_platform_events_at ON public.platform_events USING btree (at DESC, id DESC);

CREATE UNIQUE INDEX ix_profiles_name ON public.profiles USING btree (tenant_id, lower(name));

CREATE INDEX ix_queue_due ON public.queue_messages USING btree (queue, priority, due_at, id);

CREATE INDEX ix_queue_order ON public.queue_messages USING btree (order_key, enqueued_at, id) WHERE (order_key IS NOT NULL);

CREATE INDEX ix_receipts_recorded ON public.receipts USING brin (recorded_at);

CREATE INDEX ix_receipts_tenant_recorded ON public.receipts USING btree (tenant_id, recorded_at);

CREATE INDEX ix_receipts_unknown ON public.receipts USING btree (tenant_id, recorded_at DESC) WHERE (kind = 'U'::text);

CREATE INDEX ix_refresh_tokens_session ON public.refresh_tokens USING btree (session_id);

CREATE INDEX ix_scheduled_messages_created ON public.scheduled_messages USING btree (tenant_id, created_at DESC, id DESC);

CREATE INDEX ix_scheduled_messages_due ON public.scheduled_messages USING btree (status, send_at);

CREATE INDEX ix_sessions_expiry ON public.sessions USING btree (expires_at);

CREATE INDEX ix_sessions_user ON public.sessions USING btree (user_id, created_at DESC);

CREATE INDEX ix_sign_in_attempts_end ON public.sign_in_attempts USING btree (window_ends);

CREATE INDEX ix_support_grants_until ON public.support_grants USING btree (tenant_id, until);

CREATE INDEX ix_survey_answers_tenant ON public.survey_answers USING btree (tenant_id, answered_at);

CREATE INDEX ix_team_members_agent ON public.team_members USING btree (tenant_id, agent_id);

CREATE UNIQUE INDEX ix_teams_name ON public.teams USING btree (tenant_id, lower(name));

CREATE INDEX ix_turns_tenant_created ON public.turns USING btree (tenant_id, created_at);

CREATE UNIQUE INDEX ix_unrouted_events_event ON public.unrouted_events USING btree (provider, address, event_id);

CREATE INDEX ix_unrouted_events_received ON public.unrouted_events USING btree (received_at, id);

CREATE INDEX ix_unrouted_events_signer ON public.unrouted_events USING btree (only_for, reason) INCLUDE (bytes);

CREATE UNIQUE INDEX ix_users_email ON public.users USING btree (lower(email));

CREATE UNIQUE INDEX ix_users_username ON public.users USING btree (lower(username));

CREATE INDEX ix_webhook_deliveries_state ON public.webhook_deliveries USING btree (tenant_id, endpoint_id, state, event_id);

CREATE UNIQUE INDEX ux_licences_active ON public.licences USING btree (tenant_id, server_ip) WHERE active;

CREATE UNIQUE INDEX ux_plans_name ON public.plans USING btree (lower(name));

CREATE UNIQUE INDEX ux_prompt_versions_active ON public.prompt_versions USING btree (tenant_id) WHERE active;

CREATE TRIGGER contacts_opted_out AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.opted_out_at IS NULL) AND (new.opted_out_at IS NOT NULL)) OR ((old.status <> 'blocked'::text) AND (new.status = 'blocked'::text)))) EXECUTE FUNCTION public.unsend_unasked();

CREATE TRIGGER conversations_charge AFTER UPDATE ON public.conversations FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.user_id IS DISTINCT FROM new.user_id))) EXECUTE FUNCTION public.signal_charge();

CREATE TRIGGER conversations_opened AFTER INSERT ON public.conversations REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION public.tell_of_opened();

CREATE TRIGGER conversations_owner BEFORE UPDATE ON public.conversations FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.user_id IS DISTINCT FROM new.user_id))) EXECUTE FUNCTION public.guard_owner();

CREATE TRIGGER conversations_taken AFTER UPDATE ON public.conversations FOR EACH ROW WHEN (((old.status <> ALL (ARRAY['waiting'::text, 'human'::text])) AND (new.status = ANY (ARRAY['waiting'::text, 'human'::text])))) EXECUTE FUNCTION public.unsend_campaigns();

CREATE TRIGGER conversations_told AFTER UPDATE ON public.conversations FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND (new.status <> 'bot'::text))) EXECUTE FUNCTION public.tell_of_conversation();

CREATE TRIGGER deliveries_told AFTER UPDATE ON public.deliveries REFERENCING OLD TABLE AS was NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION public.tell_of_sends();

CREATE TRIGGER deliveries_told_at_once AFTER INSERT ON public.deliveries FOR EACH ROW WHEN ((new.state = 'failed'::text)) EXECUTE FUNCTION public.tell_of_send_at_once();

CREATE TRIGGER identities_canonical_phone AFTER INSERT ON public.identities FOR EACH ROW WHEN (((new.kind = 'phone'::text) AND (public.canonical_phone(new.value) <> new.value))) EXECUTE FUNCTION public.add_canonical_phone();

CREATE TRIGGER leads_told AFTER UPDATE ON public.leads FOR EACH ROW WHEN (((old.qualification IS DISTINCT FROM new.qualification) AND (new.qualification <> 'unknown'::text))) EXECUTE FUNCTION public.tell_of_lead();

CREATE TRIGGER survey_answers_told AFTER INSERT ON public.survey_answers FOR EACH ROW EXECUTE FUNCTION public.tell_of_survey();

CREATE TRIGGER tell_directories AFTER INSERT OR DELETE ON public.channels FOR EACH ROW EXECUTE FUNCTION public.tell_directories();

CREATE TRIGGER tell_directories AFTER INSERT OR DELETE OR UPDATE ON public.tenants FOR EACH ROW EXECUTE FUNCTION public.tell_directories();

CREATE TRIGGER tell_directories_of_change AFTER UPDATE ON public.channels FOR EACH ROW WHEN (((((((((old.kind IS DISTINCT FROM new.kind) OR (old.address IS DISTINCT FROM new.address)) OR (old.access_token IS DISTINCT FROM new.access_token)) OR (old.verify_token IS DISTINCT FROM new.verify_token)) OR (old.webhook_secrets IS DISTINCT FROM new.webhook_secrets)) OR (old.webhook_secret_ends IS DISTINCT FROM new.webhook_secret_ends)) OR (old.status IS DISTINCT FROM new.status)) OR ((old.doubted_at IS NULL) IS DISTINCT FROM (new.doubted_at IS NULL)))) EXECUTE FUNCTION public.tell_directories();

CREATE TRIGGER withdraw_media AFTER UPDATE OF withdrawn_at ON public.messages FOR EACH ROW WHEN (((new.withdrawn_at IS NOT NULL) AND (old.withdrawn_at IS NULL))) EXECUTE FUNCTION public.withdraw_media();

ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT account_events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.campaign_recipients
    ADD CONSTRAINT campaign_recipients_tenant_id_campaign_id_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES public.campaigns(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_channel_id_fkey FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels(tenant_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_lead_id_fkey FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads(tenant_id, id);

ALTER TABLE ONLY public.custody_cases
    ADD CONSTRAINT custody_cases_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);

ALTER TABLE ONLY public.custody_watermarks
    ADD CONSTRAINT custody_watermarks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);

ALTER TABLE ONLY public.flow_events
    ADD CONSTRAINT flow_events_tenant_id_flow_id_fkey FOREIGN KEY (tenant_id, flow_id) REFERENCES public.flows(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);

ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.handoff_requests
    ADD CONSTRAINT handoff_requests_tenant_id_flow_id_fkey FOREIGN KEY (tenant_id, flow_id) REFERENCES public.flows(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.identity_merge_suggestions
    ADD CONSTRAINT identity_merge_suggestions_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.identity_merge_suggestions
    ADD CONSTRAINT identity_merge_suggestions_tenant_id_other_contact_id_fkey FOREIGN KEY (tenant_id, other_contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.knowledge_chunks
    ADD CONSTRAINT knowledge_chunks_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES public.knowledge_documents(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.knowledge_documents
    ADD CONSTRAINT knowledge_documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);

ALTER TABLE ONLY public.licences
    ADD CONSTRAINT licences_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_profile_id_fkey FOREIGN KEY (tenant_id, profile_id) REFERENCES public.profiles(tenant_id, id);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.message_templates
    ADD CONSTRAINT message_templates_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE public.messages
    ADD CONSTRAINT messages_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES public.agents(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.plan_usage
    ADD CONSTRAINT plan_usage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.quick_replies
    ADD CONSTRAINT quick_replies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.scheduled_messages
    ADD CONSTRAINT scheduled_messages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_last_tenant_fkey FOREIGN KEY (last_tenant) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.support_grants
    ADD CONSTRAINT support_grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.survey_answers
    ADD CONSTRAINT survey_answers_tenant_id_flow_id_fkey FOREIGN KEY (tenant_id, flow_id) REFERENCES public.flows(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES public.agents(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_tenant_id_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES public.teams(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id);

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);

ALTER TABLE ONLY public.user_identities
    ADD CONSTRAINT user_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES public.webhook_endpoints(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);

ALTER TABLE public.account_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_recipients ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaigns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.channels ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contacts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.custody_cases ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.custody_watermarks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.early_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.flow_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.flows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handoff_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.identities ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.identity_merge_suggestions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knowledge_chunks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knowledge_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.licences ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.media ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.plan_usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.queue_dead_letters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.queue_messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quick_replies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.scheduled_messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.support_grants ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.survey_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.team_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.teams ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_delete ON public.account_events FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.agents FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.api_keys FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.campaign_recipients FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.campaigns FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.channels FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.contacts FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.conversations FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.custody_cases FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.custody_watermarks FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.deliveries FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.early_changes FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.flow_events FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.flows FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.handoff_requests FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.idempotency_keys FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.identities FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.identity_merge_suggestions FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.knowledge_chunks FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.knowledge_documents FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.leads FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.licences FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.media FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.memberships FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.message_templates FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.messages FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.notifications FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.plan_usage FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.profiles FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.prompt_versions FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.queue_dead_letters FOR DELETE USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_delete ON public.queue_messages FOR DELETE USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_delete ON public.quick_replies FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.receipts FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.scheduled_messages FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.support_grants FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.survey_answers FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.team_members FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.teams FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.tenants FOR DELETE USING ((id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.turns FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.webhook_deliveries FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.webhook_endpoints FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_delete ON public.webhook_events FOR DELETE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.account_events FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.agents FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.api_keys FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.campaign_recipients FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.campaigns FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.channels FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.contacts FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.conversations FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.custody_cases FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.custody_watermarks FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.deliveries FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.early_changes FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.flow_events FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.flows FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.handoff_requests FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.idempotency_keys FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.identities FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.identity_merge_suggestions FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.knowledge_chunks FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.knowledge_documents FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.leads FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.licences FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.media FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.memberships FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.message_templates FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.messages FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.notifications FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.plan_usage FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.profiles FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.prompt_versions FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.queue_dead_letters FOR INSERT WITH CHECK ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_insert ON public.queue_messages FOR INSERT WITH CHECK ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_insert ON public.quick_replies FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.receipts FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.scheduled_messages FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.support_grants FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.survey_answers FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.team_members FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.teams FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.tenants FOR INSERT WITH CHECK ((id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.turns FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.webhook_deliveries FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.webhook_endpoints FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_insert ON public.webhook_events FOR INSERT WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.account_events FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.agents FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.api_keys FOR SELECT USING (((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])) OR ( SELECT public.app_directory() AS app_directory)));

CREATE POLICY tenant_select ON public.campaign_recipients FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.campaigns FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.channels FOR SELECT USING (((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])) OR ( SELECT public.app_directory() AS app_directory)));

CREATE POLICY tenant_select ON public.contacts FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.conversations FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.custody_cases FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.custody_watermarks FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.deliveries FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.early_changes FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.flow_events FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.flows FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.handoff_requests FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.idempotency_keys FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.identities FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.identity_merge_suggestions FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.knowledge_chunks FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.knowledge_documents FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.leads FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.licences FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.media FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.memberships FOR SELECT USING (((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])) OR ( SELECT public.app_directory() AS app_directory)));

CREATE POLICY tenant_select ON public.message_templates FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.messages FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.notifications FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.plan_usage FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.profiles FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.prompt_versions FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.queue_dead_letters FOR SELECT USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_select ON public.queue_messages FOR SELECT USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_select ON public.quick_replies FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.receipts FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.scheduled_messages FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.support_grants FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.survey_answers FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.team_members FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.teams FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.tenants FOR SELECT USING (((id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])) OR ( SELECT public.app_directory() AS app_directory)));

CREATE POLICY tenant_select ON public.turns FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.webhook_deliveries FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_select ON public.webhook_endpoints FOR SELECT USING (((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])) OR ( SELECT public.app_directory() AS app_directory)));

CREATE POLICY tenant_select ON public.webhook_events FOR SELECT USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.account_events FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.agents FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.api_keys FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.campaign_recipients FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.campaigns FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.channels FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.contacts FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.conversations FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.custody_cases FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.custody_watermarks FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.deliveries FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.early_changes FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.flow_events FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.flows FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.handoff_requests FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.idempotency_keys FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.identities FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.identity_merge_suggestions FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.knowledge_chunks FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.knowledge_documents FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.leads FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.licences FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.media FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.memberships FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.message_templates FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.messages FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.notifications FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.plan_usage FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.profiles FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.prompt_versions FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.queue_dead_letters FOR UPDATE USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])))) WITH CHECK ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_update ON public.queue_messages FOR UPDATE USING ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])))) WITH CHECK ((( SELECT public.app_worker() AS app_worker) OR (tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))));

CREATE POLICY tenant_update ON public.quick_replies FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.receipts FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.scheduled_messages FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.support_grants FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.survey_answers FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.team_members FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.teams FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.tenants FOR UPDATE USING ((id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.turns FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.webhook_deliveries FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.webhook_endpoints FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

CREATE POLICY tenant_update ON public.webhook_events FOR UPDATE USING ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[]))) WITH CHECK ((tenant_id = ANY (( SELECT public.app_tenants() AS app_tenants)::uuid[])));

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoints ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_events ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.conversations TO vellarys_app;

REVOKE ALL ON PROCEDURE public.ensure_message_partitions(IN months_ahead integer) FROM PUBLIC;
GRANT ALL ON PROCEDURE public.ensure_message_partitions(IN months_ahead integer) TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliveries TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_events TO vellarys_app;

GRANT SELECT ON TABLE public.agent_loads TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agents TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.team_members TO vellarys_app;

GRANT SELECT ON TABLE public.agents_at_work TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_keys TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contacts TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.leads TO vellarys_app;

GRANT SELECT ON TABLE public.campaign_contacts TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_recipients TO vellarys_app;

GRANT SELECT ON TABLE public.unasked_sends TO vellarys_app;

GRANT SELECT ON TABLE public.campaign_outcomes TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaigns TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.channels TO vellarys_app;

GRANT SELECT ON TABLE public.conversation_summaries TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.custody_cases TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.custody_watermarks TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.early_changes TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flow_events TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flows TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handoff_requests TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identities TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identity_merge_suggestions TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_runs TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_chunks TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_documents TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.licences TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.media TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.memberships TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_templates TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notifications TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.oidc_states TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.plan_usage TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.plans TO vellarys_app;

GRANT SELECT,INSERT ON TABLE public.platform_events TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.profiles TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_versions TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_consumers TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_dead_letters TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_messages TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_totals TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quick_replies TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.receipts TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_codes TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refresh_tokens TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.scheduled_messages TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.setup_links TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_attempts TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.signing_keys TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.support_grants TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_answers TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.teams TO vellarys_app;

GRANT SELECT ON TABLE public.template_accounts TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.unrouted_events TO vellarys_app;

GRANT SELECT ON TABLE public.template_events TO vellarys_app;

GRANT SELECT ON TABLE public.template_words TO vellarys_app;

GRANT SELECT ON TABLE public.tenant_channels TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.turns TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_identities TO vellarys_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.users TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO vellarys_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_events TO vellarys_app;
