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

-- The tenant is part of the index: a common word is read for one tenant, not for all.
create extension if not exists btree_gin;
create index ix_knowledge_chunks_search on knowledge_chunks using gin (tenant_id, search);

-- A search ranks hundreds of vectors: they stay in their rows instead of being fetched and unpacked one by one.
alter table knowledge_chunks set (toast_tuple_target = 8160);
alter table knowledge_chunks alter column search set storage main;

call protect_tenant_table('knowledge_documents');
call protect_tenant_table('knowledge_chunks');

-- The four best chunks for a question, any of whose words may match. Ranking is what costs, so each word brings at most
-- 300 chunks to it: a rare word all that it has, a common one a sample that the rare ones outrank. The words are made
-- before the search because under row-level security an index serves no condition that calls a function which may leak.
create function search_knowledge(tenant uuid, question text) returns table (title text, body text)
    language sql stable
    as $$
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
