create table contacts (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    client_id text,
    name text not null default '',
    phone text,
    status text not null default 'active' check (status in ('active', 'blocked', 'erased')),
    opted_out_at timestamptz,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create unique index ix_contacts_client_id on contacts (tenant_id, client_id) where client_id is not null;
create index ix_contacts_name_trgm on contacts using gin (name gin_trgm_ops);
create index ix_contacts_phone_trgm on contacts using gin (phone gin_trgm_ops);
create index ix_contacts_tenant_phone on contacts (tenant_id, phone);
create index ix_contacts_phone_status on contacts (phone, status);
create index ix_contacts_metadata_gin on contacts using gin (metadata jsonb_path_ops);

-- A phone number is an attribute, not an identity. kind: phone (E.164 digits with Brazil's ninth digit), bsuid, lid.
create table identities (
    tenant_id uuid not null,
    kind text not null,
    value text not null,
    contact_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, kind, value),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id)
);

create index ix_identities_contact on identities (tenant_id, contact_id);

create table identity_merge_suggestions (
    tenant_id uuid not null,
    contact_id uuid not null,
    other_contact_id uuid not null,
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, contact_id, other_contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    foreign key (tenant_id, other_contact_id) references contacts (tenant_id, id)
);

-- What the contact is worth: one lead a contact.
create table leads (
    tenant_id uuid not null,
    id uuid not null,
    contact_id uuid not null,
    phone text,
    source text not null default 'whatsapp',
    status text not null default 'open' check (status in ('open', 'won', 'lost')),
    qualification text not null default 'unknown' check (qualification in ('unknown', 'cold', 'warm', 'hot')),
    score smallint not null default 0 check (score between 0 and 100),
    custom_data jsonb not null default '{}',
    reengagement_status text not null default 'none',
    last_activity_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id)
);

create index ix_leads_tenant_created on leads (tenant_id, created_at);
create index ix_leads_tenant_status on leads (tenant_id, status);
create index ix_leads_tenant_qual on leads (tenant_id, qualification);
create index ix_leads_phone on leads (phone) where phone is not null;
create index ix_leads_tenant_phone on leads (tenant_id, phone);
create index ix_leads_active on leads (tenant_id, last_activity_at desc) where status = 'open';
create index ix_leads_reengagement on leads (tenant_id, reengagement_status, last_activity_at);
create index ix_leads_custom_data_gin on leads using gin (custom_data jsonb_path_ops);

-- status: who is in charge: bot (automação), waiting (espera), human (atendimento), closed (encerrado).
-- turn counts what wants an answer, answered_turn what has one; the columns that change with every message are in no
-- index, so those updates stay on the page.
create table conversations (
    tenant_id uuid not null,
    id uuid not null,
    channel_id uuid not null,
    contact_id uuid not null,
    lead_id uuid not null,
    status text not null default 'bot' check (status in ('bot', 'waiting', 'human', 'closed')),
    priority smallint not null default 1,
    user_id uuid,
    team_id uuid,
    reply_to text not null,
    epoch integer not null default 0,
    turn bigint not null default 0,
    answered_turn bigint not null default 0,
    sealed_turn bigint,
    burst_started_at timestamptz,
    last_seq bigint not null default 0,
    window_started_at timestamptz,
    window_count integer not null default 0,
    bot_attempts smallint not null default 0,
    handoff_reason text,
    summary text,
    summary_seq bigint not null default 0,
    last_inbound_at timestamptz,
    last_message_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    closed_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, channel_id) references channels (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

create unique index ix_conversations_open on conversations (tenant_id, channel_id, contact_id)
    where status <> 'closed';
create index ix_conversations_user on conversations (user_id);
create index ix_conversations_team on conversations (team_id);
create index ix_conversations_channel on conversations (channel_id);
create index ix_conversations_contact on conversations (contact_id);
create index ix_conversations_user_status on conversations (user_id, status);
create index ix_conversations_status_user on conversations (status, user_id);

-- Written once, never changed. role: cliente, atendente, bot, sistema. seq orders a conversation.
create table messages (
    tenant_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    lead_id uuid not null,
    channel_id uuid not null,
    seq bigint not null,
    turn bigint,
    role text not null check (role in ('cliente', 'atendente', 'bot', 'sistema')),
    kind text not null default 'text',
    body text not null,
    external_id text,
    payload text,
    sent_at timestamptz,
    received_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    primary key (id, created_at),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id)
) partition by range (created_at);

create index ix_messages_conversation_created on messages (tenant_id, conversation_id, created_at desc, seq desc);
create index ix_messages_lead_created on messages (lead_id, created_at);
create index ix_messages_lead_created_role on messages (lead_id, created_at, role);
create index ix_messages_external_id on messages (external_id) where external_id is not null;
create index ix_messages_created on messages using brin (created_at);

-- Where an outbound message stands. class decides what an unknown outcome leads to: a reply is sent once more and
-- marked, a campaign message never. claim_id travels to the provider and comes back in its status webhooks.
create table deliveries (
    tenant_id uuid not null,
    message_id uuid not null,
    message_created_at timestamptz not null,
    conversation_id uuid not null,
    channel_id uuid not null,
    seq bigint not null,
    epoch integer not null,
    class text not null check (class in ('reply', 'staff', 'system', 'campaign')),
    state text not null default 'pending'
        check (state in ('pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
    receipt text check (receipt in ('delivered', 'read', 'played')),
    claim_id uuid,
    claimed_at timestamptz,
    sends smallint not null default 0,
    resent boolean not null default false,
    provider_message_id text,
    reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, message_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create index ix_deliveries_open on deliveries (conversation_id, seq)
    where state in ('pending', 'sending', 'unknown');
create index ix_deliveries_provider_message on deliveries (channel_id, provider_message_id)
    where provider_message_id is not null;

-- One row for each provider event, whatever it was: the second copy of an event finds it and stops. No foreign key: a
-- check for each event would lock the one row of its channel.
create table receipts (
    tenant_id uuid not null,
    channel_id uuid not null,
    provider_message_id text not null,
    kind text not null,
    message_id uuid,
    outcome text,
    raw text,
    received_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (channel_id, provider_message_id)
);

create index ix_receipts_recorded on receipts using brin (recorded_at);

-- What became of a stretch of turns. Together the rows of a conversation cover its turns without a gap or an overlap.
create table turns (
    tenant_id uuid not null,
    conversation_id uuid not null,
    to_turn bigint not null,
    from_turn bigint not null,
    outcome text not null check (outcome in ('replied', 'handed_off', 'ignored', 'failed')),
    reason text not null,
    reply_id uuid,
    reply_created_at timestamptz,
    source text,
    intent text,
    sentiment text,
    qualification text,
    handoff_reason text,
    model text,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    model_calls smallint not null default 0,
    latency_ms integer not null default 0,
    created_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, to_turn),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id)
);

create index ix_turns_tenant_created on turns (tenant_id, created_at);

-- Messages whose turn has no outcome after the grace time, until they have one. Kept by the custody job.
create table custody_cases (
    tenant_id uuid not null,
    conversation_id uuid not null,
    turn bigint not null,
    opened_at timestamptz not null default now(),
    redrives smallint not null default 0,
    next_redrive_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, turn),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id)
);

create table custody_watermarks (
    tenant_id uuid primary key references tenants (id),
    checked_until timestamptz not null
);

call protect_tenant_table('contacts');
call protect_tenant_table('identities');
call protect_tenant_table('identity_merge_suggestions');
call protect_tenant_table('leads');
call protect_tenant_table('conversations');
call protect_tenant_table('messages');
call protect_tenant_table('deliveries');
call protect_tenant_table('receipts');
call protect_tenant_table('turns');
call protect_tenant_table('custody_cases');
call protect_tenant_table('custody_watermarks');

-- Ends a transaction that would otherwise commit without one of its messages; it is tried again like any lost race.
create function assert_all_recorded(expected bigint, recorded bigint) returns bigint
    language plpgsql
    as $$
begin
    if expected <> recorded then
        raise exception 'a conversation was closed while a message for it was recorded' using errcode = '40001';
    end if;
    return recorded;
end
$$;
