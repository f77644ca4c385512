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

-- Conversations: asks a person to take each conversation that waits and was offered to no one; returns what was
-- offered.
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

-- Conversations: the number is somebody else's, or no longer its holder's. Its holder keeps the history, without the
-- number, and is reached by what else is known of them, or at the address given. Where there is nothing else, what
-- waits is not sent: it would reach a stranger. Then a conversation in which something is owed waits for a person, and
-- any other ends. Whoever wrote since the number changed hands may be its new owner: only a person may answer them
-- there. Returns the holder.
create function give_up_number(
    tenant uuid, number text, since timestamptz default null, reached_at text default null) returns uuid
language plpgsql
as $$
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
