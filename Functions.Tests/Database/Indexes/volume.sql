-- A company that is large and twenty that are not. Triggers and foreign keys rest meanwhile.
set session_replication_role = replica;
insert into tenants (id, name) select new_id(), case g when 0 then 'Big' else 'Small ' || g end
from generate_series(0, 20) g;
insert into channels (tenant_id, id, kind, address) select id, new_id(), 'sandbox', id::text from tenants;
insert into contacts (tenant_id, id, name, phone, client_id, metadata)
select t.id, new_id(), md5(t.id::text || g), '55119' || lpad(g::text, 8, '0'), 'erp-' || g,
    jsonb_build_object('cidade', 'c' || g)
from tenants t, lateral generate_series(1, case t.name when 'Big' then 20000 else 500 end) g;
insert into leads (tenant_id, id, contact_id, phone, custom_data, status, qualification, reengagement_status,
    created_at, last_activity_at)
select p.tenant_id, new_id(), p.id, p.phone, p.metadata,
    case when n % 200 = 0 then 'won' when n % 3 = 0 then 'lost' else 'open' end,
    case when n % 300 = 0 then 'hot' when n % 5 = 0 then 'cold' else 'unknown' end,
    case when n % 2 = 0 then 'running' else 'none' end,
    now() - n * interval '1 minute', now() - n * interval '30 seconds'
from (select p.*, row_number() over (partition by p.tenant_id order by p.id) as n from contacts p) p;
insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to, status, user_id, team_id,
    created_at, last_message_at, listed_at)
select l.tenant_id, new_id(), c.id, l.contact_id, l.id, l.phone,
    case when n % 100 = 1 then 'human' when n % 400 = 2 then 'waiting' when n % 3 = 0 then 'bot' else 'closed' end,
    case when n % 100 = 1 then ('00000000-0000-0000-0000-0000000000' || lpad((n / 100 % 20)::text, 2, '0'))::uuid end,
    case when n % 100 = 1 then ('00000000-0000-0000-0001-0000000000' || lpad((n / 100 % 20)::text, 2, '0'))::uuid end,
    now() - interval '1 hour', now() - n * interval '1 second', listed_at(now() - n * interval '1 second')
from (select l.*, row_number() over (partition by l.tenant_id order by l.id) as n from leads l) l
join channels c on c.tenant_id = l.tenant_id;
insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, body, external_id, created_at)
select c.tenant_id, new_id(), c.id, c.lead_id, c.channel_id, g, case g % 2 when 0 then 'bot' else 'cliente' end, 'oi',
    case g % 2 when 1 then 'wamid.' || g || c.id end,
    greatest(now() - (4 - g) * interval '1 minute', date_trunc('month', now()))
from conversations c, generate_series(1, 3) g;
insert into licences (tenant_id, id, server_ip, active)
select id, new_id(), ('10.0.' || g / 250 || '.' || g % 250)::inet, g % 2 = 0 from tenants, generate_series(1, 2000) g
where name = 'Big' or g <= 20;
insert into users (id, email, username, name, password_hash)
select new_id(), 'u' || g || '@x.example', 'u' || g, 'U', '' from generate_series(1, 4000) g;
insert into memberships (tenant_id, user_id, name, role)
select t.id, u.id, 'U', 'atendente' from (select id, row_number() over () - 1 as n from tenants) t
join (select id, row_number() over () as n from users) u on u.n % 21 = t.n;
insert into agents (tenant_id, id, name) select id, new_id(), 'A' || g from tenants, generate_series(1, 5) g;
insert into notifications (tenant_id, id, agent_id, kind, read)
select a.tenant_id, new_id(), a.id, 'handoff_offered', g > 3 from agents a, generate_series(1, 200) g;
insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch,
    class, state)
select m.tenant_id, m.id, m.created_at, m.conversation_id, m.channel_id, m.seq, 0, 'reply',
    case when m.conversation_id::text like '%00' then 'pending' else 'sent' end
from messages m where m.role = 'bot';
set session_replication_role = origin;
analyze
