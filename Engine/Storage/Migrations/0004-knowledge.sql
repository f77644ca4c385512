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

-- The four best chunks for a question, any of whose words may match. Costs one index probe for a tenant without
-- documents.
create function search_knowledge(tenant uuid, question text) returns table (title text, body text)
    language sql stable
    as $$
    select k.title, k.body
    from knowledge_chunks k,
        cast(replace(plainto_tsquery('portuguese', question)::text, '&', '|') as tsquery) as wanted
    where k.tenant_id = tenant and k.search @@ wanted
    order by ts_rank_cd(k.search, wanted) desc, k.id
    limit 4
    $$;
