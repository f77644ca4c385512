-- vellarys: no-transaction
-- Campaigns: who is written to, with what, and how far each has come. A contact has one row in a campaign, and that row
-- goes from pending to queued in the transaction that makes its one message.

-- Each statement by itself, and each to be run again where it broke off (see 0022).
set lock_timeout = '10s';

create table if not exists campaigns (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    channel_id uuid not null,
    name text not null,
    status text not null default 'draft'
        check (status in ('draft', 'running', 'paused', 'cancelled', 'finished')),
    -- staff, or what the campaign stopped itself for.
    pause_reason text,
    -- What is said: one, or several to be compared.
    variants jsonb not null,
    -- The least time between two of its messages, in milliseconds.
    interval_ms integer not null default 0,
    -- So many first; the rest once few of them failed. 0: all at once.
    first_stage integer not null,
    stage_seconds integer not null,
    max_failure_percent integer not null,
    stage_passed boolean not null default false,
    starts_at timestamptz,
    -- The first moment that is free under interval_ms.
    next_send_at timestamptz,
    last_release_at timestamptz,
    checked_at timestamptz,
    total integer not null default 0,
    -- Those that are no longer pending.
    released integer not null default 0,
    -- What had failed, of how many, when a person last let it go on: that is forgiven.
    forgiven_failures integer not null default 0,
    forgiven_settled integer not null default 0,
    -- One more with each message for the queue: what is left of an earlier one is not carried out.
    round integer not null default 0,
    -- Of the request, where firing it twice must not make two.
    fingerprint text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
) with (fillfactor = 70);

create index if not exists ix_campaigns_created on campaigns (tenant_id, created_at desc, id desc);

create unique index if not exists ix_campaigns_fingerprint on campaigns (tenant_id, fingerprint)
    where fingerprint is not null and ended_at is null;

create table if not exists campaign_recipients (
    tenant_id uuid not null,
    campaign_id uuid not null,
    contact_id uuid not null,
    position integer not null,
    -- Which of the campaign's variants.
    variant smallint not null default 0,
    -- What became of a queued one is told by its delivery.
    state text not null default 'pending' check (state in ('pending', 'queued', 'skipped', 'cancelled')),
    reason text,
    message_id uuid,
    queued_at timestamptz,
    primary key (tenant_id, campaign_id, contact_id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create unique index if not exists ix_campaign_recipients_position
    on campaign_recipients (tenant_id, campaign_id, position);

create index if not exists ix_campaign_recipients_pending on campaign_recipients (tenant_id, campaign_id, position)
    where state = 'pending';

do $$
begin
    if not exists (select from pg_policy where polrelid = 'campaign_recipients'::regclass) then
        call protect_tenant_table('campaigns');
        call protect_tenant_table('campaign_recipients');
    end if;
end
$$;

create or replace function campaign_due(tenant uuid, campaign uuid, round integer) returns text
language sql stable parallel safe
as $$ select '{"v":1,"tenant":"' || tenant || '","campaign":"' || campaign || '","round":' || round || '}' $$;

-- Channels: the tenant's number, where it has just one.
create or replace function only_channel(tenant uuid) returns uuid
language sql stable
as $$ select (array_agg(c.id))[1] from channels c where c.tenant_id = tenant having count(*) = 1 $$;

-- Conversations: who can be written to, and what is known of them.
create or replace view campaign_contacts with (security_invoker = true) as
select p.tenant_id, p.id, coalesce(nullif(btrim(p.name), ''), nullif(btrim(p.profile_name), ''), '') as name, p.phone,
    p.client_id, p.metadata, p.status, p.created_at, l.status as lead_status, l.qualification, l.last_activity_at
from contacts p
left join leads l on l.tenant_id = p.tenant_id and l.contact_id = p.id
where p.status <> 'erased';

-- Conversations: what became of what was sent unasked.
create or replace view unasked_sends with (security_invoker = true) as
select d.tenant_id, d.message_id, d.flow_id, d.conversation_id, d.state, d.receipt, d.reason, d.updated_at
from deliveries d
where d.class = 'campaign';

-- Conversations: where a customer is reached on a channel; null where they are not.
create or replace function address_of(tenant uuid, channel uuid, customer uuid) returns text
language sql stable
as $$
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

-- Conversations: why nothing may be sent unasked to a customer; null where it may.
-- consent: the field of a contact that must say true; null where none is wanted.
create or replace function send_obstacle(
    tenant uuid, channel uuid, customer uuid, consent text default null, beside_people boolean default false)
    returns text
language plpgsql stable
as $$
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

-- Conversations: locks the open ones of a set of customers, in the order in which the recording of messages does.
create or replace function lock_conversations(tenant uuid, channel uuid, customers uuid[]) returns void
language plpgsql
as $$
begin
    perform from conversations c
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = any (customers) and c.status <> 'closed'
    order by c.id
    for no key update;
end
$$;

-- Conversations: writes to a customer who did not ask, in the open conversation or in a new one; never sent twice.
-- Returns why it is not done, or null. Who opts out in the same instant waits for this, and takes it back.
create or replace function send_unasked(
    tenant uuid, channel uuid, customer uuid, message uuid, flow uuid, speaker text, kind text, words text,
    payload text, consent text, beside_people boolean, due_at timestamptz, priority integer) returns text
language plpgsql
as $$
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

-- Conversations: takes back what of a flow was not claimed yet.
create or replace function unsend(tenant uuid, flow uuid, why text) returns setof uuid
language sql
as $$
update deliveries d set state = 'cancelled', reason = why, updated_at = now()
where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' and d.class = 'campaign'
returning d.message_id
$$;

-- Conversations: how much of a flow waits to be claimed.
create or replace function unclaimed_of(tenant uuid, flow uuid) returns bigint
language sql stable
as $$ select count(*) from deliveries d where d.tenant_id = tenant and d.flow_id = flow and d.state = 'pending' $$;

-- What became of each: a queued one as its provider says.
create or replace view campaign_outcomes with (security_invoker = true) as
select r.tenant_id, r.campaign_id, r.contact_id, r.position, r.variant, r.message_id, r.queued_at,
    case
        when r.state = 'pending' then 'waiting'
        when r.state <> 'queued' then r.state
        when s.state in ('pending', 'sending') then 'queued'
        when s.state = 'cancelled' then 'skipped'
        when s.state = 'sent' then coalesce(replace(s.receipt, 'played', 'read'), 'sent')
        else s.state
    end as outcome,
    case when r.state = 'queued' then s.reason else r.reason end as reason
from campaign_recipients r
left join unasked_sends s on s.tenant_id = r.tenant_id and s.message_id = r.message_id;

grant select on campaign_contacts, unasked_sends, campaign_outcomes to vellarys_app;

-- Whoever wants no more messages, or is blocked, gets none that is not on its way: whatever sets the mark takes it
-- back.
create or replace function unsend_unasked() returns trigger
language plpgsql
as $$
begin
    update deliveries d set state = 'cancelled',
        reason = case when new.status = 'blocked' then 'blocked' else 'opted_out' end, updated_at = now()
    from conversations c
    where c.tenant_id = new.tenant_id and c.contact_id = new.id and d.tenant_id = c.tenant_id
        and d.conversation_id = c.id and d.state = 'pending' and d.class = 'campaign';
    return null;
end
$$;

create or replace trigger contacts_opted_out after update on contacts
    for each row when (old.opted_out_at is null and new.opted_out_at is not null
        or old.status <> 'blocked' and new.status = 'blocked')
    execute function unsend_unasked();

-- A person comes, or is called: what a campaign has released and nobody claimed does not go out into their talk. What
-- staff itself has scheduled does.
create or replace function unsend_campaigns() returns trigger
language plpgsql
as $$
begin
    update deliveries d set state = 'cancelled', reason = 'person_in_charge', updated_at = now()
    where d.tenant_id = new.tenant_id and d.conversation_id = new.id and d.state = 'pending' and d.class = 'campaign'
        and exists (select from campaigns c where c.tenant_id = new.tenant_id and c.id = d.flow_id);
    return null;
end
$$;

create or replace trigger conversations_taken after update on conversations
    for each row when (old.status not in ('waiting', 'human') and new.status in ('waiting', 'human'))
    execute function unsend_campaigns();

reset lock_timeout;
