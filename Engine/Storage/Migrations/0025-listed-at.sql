-- Where a list of conversations, the latest active first, begins to read: the quarter of an hour of the last message.
-- An index on the last message itself would have every message write to every index of its conversation, for
-- PostgreSQL updates a row in place (HOT) only where no index's column changes.
create function listed_at(last_message_at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$ select date_bin('15 minutes', last_message_at, timestamptz '2000-01-01 00:00:00+00') $$;

-- Those that are there get the time of this migration, which is no rewrite: whatever comes later is listed before them,
-- and among themselves their last message decides.
alter table conversations
    add column listed_at timestamptz not null
        default date_bin('15 minutes', now(), timestamptz '2000-01-01 00:00:00+00');

-- A lead that staff deleted is in no list until its customer writes again: last_activity_at is past it then.
alter table leads add column deleted_at timestamptz;

-- As in 0018, and a line of the bot's moves the conversation's place in the list.
create or replace function change_owner(
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
