-- Who answers when the bot does not. hours: working hours as in the tenant's settings, null for the tenant's own.
create table agents (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    name text not null,
    role text not null default 'agent' check (role in ('agent', 'supervisor')),
    presence text not null default 'offline' check (presence in ('online', 'away', 'offline')),
    capacity smallint not null default 5 check (capacity between 0 and 1000),
    skills text[] not null default '{}',
    hours jsonb,
    notify_url text,
    notify_phone text,
    last_offered_at timestamptz not null default '-infinity',
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
) with (fillfactor = 80);

create table teams (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create unique index ix_teams_name on teams (tenant_id, lower(name));

create table team_members (
    tenant_id uuid not null,
    team_id uuid not null,
    agent_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, team_id, agent_id),
    foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete cascade,
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);

create index ix_team_members_agent on team_members (tenant_id, agent_id);

-- Handoffs that look for a person, in the order in which they are served. excluded: who had the chance already.
create table handoff_requests (
    tenant_id uuid not null,
    flow_id uuid not null,
    conversation_id uuid not null,
    urgency smallint not null default 1,
    since timestamptz not null,
    team_id uuid,
    agent_id uuid,
    skill text,
    supervisor boolean not null default false,
    excluded uuid[] not null default '{}',
    told_busy boolean not null default false,
    primary key (tenant_id, flow_id),
    foreign key (tenant_id, flow_id) references flows (tenant_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create index ix_handoff_requests_order on handoff_requests (tenant_id, urgency, since);

-- What an agent was told, until it was read.
create table notifications (
    tenant_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    flow_id uuid,
    conversation_id uuid,
    kind text not null,
    body jsonb not null default '{}',
    read boolean not null default false,
    told_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);

create index ix_notifications_unread on notifications (tenant_id, read) where read = false;
create index ix_notifications_agent on notifications (tenant_id, agent_id, created_at desc);
create index ix_notifications_flow on notifications (tenant_id, flow_id);

call protect_tenant_table('agents');
call protect_tenant_table('teams');
call protect_tenant_table('team_members');
call protect_tenant_table('handoff_requests');
call protect_tenant_table('notifications');

-- An agent's load is counted, not kept: the conversations offered to or answered by them.
create index ix_conversations_in_charge on conversations (tenant_id, user_id)
    where user_id is not null and status in ('waiting', 'human');
create index ix_conversations_waiting on conversations (tenant_id, last_message_at) where status = 'waiting';

-- Answers to surveys; score is null where the customer gave none.
create table survey_answers (
    tenant_id uuid not null,
    flow_id uuid not null,
    conversation_id uuid not null,
    agent_id uuid,
    kind text not null check (kind in ('nps', 'csat')),
    score smallint check (score between 0 and 10),
    comment text,
    answered_at timestamptz not null default now(),
    primary key (tenant_id, flow_id),
    foreign key (tenant_id, flow_id) references flows (tenant_id, id) on delete cascade
);

create index ix_survey_answers_tenant on survey_answers (tenant_id, answered_at);

call protect_tenant_table('survey_answers');
