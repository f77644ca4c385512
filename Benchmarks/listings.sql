-- :contacts of them with a lead and a conversation each, and :messages a conversation, over three months; two of five
-- are of one company. Indexes come after the rows, triggers and foreign keys rest meanwhile.
set session_replication_role = replica;
set maintenance_work_mem = '512MB';
set synchronous_commit = off;

do $$
begin
    for back in 2..3 loop
        execute format('create table messages_past_%s partition of messages for values from (%L) to (%L)', back,
            date_trunc('month', now()) - back * interval '1 month',
            date_trunc('month', now()) - (back - 1) * interval '1 month');
    end loop;
end $$;

create table later as
select i.indexname as name, i.indexdef as definition
from pg_indexes i
where i.schemaname = 'public' and i.tablename in ('contacts', 'leads', 'conversations', 'messages')
    and not exists (select from pg_constraint k where k.conindid = (i.schemaname || '.' || i.indexname)::regclass);

do $$
declare
    i record;
begin
    for i in select name from later loop
        execute format('drop index %I', i.name);
    end loop;
end $$;

insert into tenants (id, name) select new_id(), 'Bench ' || g from generate_series(0, 9) g;
insert into channels (tenant_id, id, kind, address) select id, new_id(), 'sandbox', id::text from tenants;

create unlogged table people as
select g as n, t.id as tenant_id, new_id() as contact_id, new_id() as lead_id, new_id() as conversation_id,
    c.id as channel_id, '55' || 11 + g % 80 || '9' || lpad((g * 7919 % 100000000)::text, 8, '0') as phone,
    now() - (contacts - g) * interval '7 seconds' as since
from (select :contacts::bigint as contacts) s
cross join lateral generate_series(1, s.contacts) g
join (select id, row_number() over (order by name) - 1 as n from tenants) t
    on t.n = case when g % 5 < 2 then 0 else 1 + g % 9 end
join channels c on c.tenant_id = t.id;

insert into contacts (tenant_id, id, name, phone, client_id, metadata, created_at)
select tenant_id, contact_id,
    (array['Ana', 'Bruno', 'Carla', 'Davi', 'Elisa', 'Fabio', 'Gabriela', 'Hugo', 'Iara', 'João', 'Karina', 'Luis',
        'Marina', 'Nuno', 'Olivia', 'Paulo'])[1 + n % 16] || ' ' ||
    (array['Silva', 'Souza', 'Lima', 'Costa', 'Rocha', 'Alves', 'Moreira', 'Pereira', 'Barros', 'Teixeira', 'Nunes'])
        [1 + n % 11] || ' ' || md5(n::text)::char(6),
    phone, 'erp-' || n, jsonb_build_object('cidade', 'c' || n % 5000), since
from people;

insert into leads (tenant_id, id, contact_id, phone, custom_data, status, qualification, created_at, last_activity_at)
select tenant_id, lead_id, contact_id, phone, jsonb_build_object('cidade', 'c' || n % 5000),
    case when n % 500 = 1 then 'won' when n % 3 = 0 then 'lost' else 'open' end,
    case when n % 700 = 1 then 'hot' when n % 5 = 0 then 'cold' else 'unknown' end, since,
    now() - n * 7919 % 7000000 * interval '1 second'
from people;

insert into identities (tenant_id, kind, value, contact_id)
select tenant_id, 'phone', phone, contact_id from people on conflict do nothing;

insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to, status, user_id, team_id,
    created_at, last_message_at, listed_at, closed_at)
select tenant_id, conversation_id, channel_id, contact_id, lead_id, phone,
    case when n % 1000 = 1 then 'human' when n % 4000 = 6 then 'waiting' when n % 4 = 0 then 'bot' else 'closed' end,
    case when n % 1000 = 1 then ('00000000-0000-0000-0000-0000000000' || lpad((n / 1000 % 50)::text, 2, '0'))::uuid end,
    case when n % 1000 = 1 then ('00000000-0000-0000-0001-0000000000' || lpad((n / 1000 % 10)::text, 2, '0'))::uuid end,
    since, now() - n * 7919 % 604800 * interval '1 second',
    listed_at(now() - n * 7919 % 604800 * interval '1 second'), case when n % 4 = 3 then now() end
from people;

insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, body, external_id, created_at)
select p.tenant_id, gen_random_uuid(), p.conversation_id, p.lead_id, p.channel_id, g,
    case g % 2 when 0 then 'bot' else 'cliente' end, 'Quanto custa a mesa de jantar com seis cadeiras?',
    case g % 2 when 1 then 'wamid.' || g || '.' || p.n end, p.since + g * interval '1 second'
from people p, generate_series(1, :messages) g;

drop table people;

do $$
declare
    i record;
begin
    for i in select definition from later loop
        execute replace(i.definition, ' ON ONLY ', ' ON ');
    end loop;
end $$;

drop table later;
set session_replication_role = origin;
