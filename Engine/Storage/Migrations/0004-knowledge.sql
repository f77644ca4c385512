create table knowledge_documents (
    tenant_id uuid not null references tenants (id),
    id uuid not null,
    title text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);

create table knowledge_chunks (
    tenant_id uuid not null,
    id uuid not null,
    document_id uuid not null,
    position integer not null,
    title text not null,
    body text not null,
    search tsvector generated always as (
        setweight(to_tsvector('portuguese', title), 'A') || setweight(to_tsvector('portuguese', body), 'B')) stored,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, document_id) references knowledge_documents (tenant_id, id) on delete cascade
);

create index ix_knowledge_chunks_search on knowledge_chunks using gin (search);

call protect_tenant_table('knowledge_documents');
call protect_tenant_table('knowledge_chunks');
