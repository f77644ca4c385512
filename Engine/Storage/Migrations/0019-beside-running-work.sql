-- vellarys: no-transaction
-- What large tables need: each statement by itself, so that none holds up what runs.

-- Account, template and quality events of a tenant's numbers, for its staff to see: few among many receipts.
create index concurrently if not exists ix_receipts_unknown on receipts (tenant_id, recorded_at desc) where kind = 'U';

-- A conversation is looked up by its channel and its customer with every message. An index of the channel alone looks
-- as good to a plan that is made while the table is small, and reads all the channel's conversations each time.
create index concurrently if not exists ix_conversations_channel_contact on conversations (channel_id, contact_id);

drop index concurrently if exists ix_conversations_channel;

-- Conversations that are in charge of whoever answers on the company's phone: few among many.
create index concurrently if not exists ix_conversations_phone on conversations (tenant_id, phone_at)
    where phone_at is not null;

-- What was stored before 0015. The owner of the tables sees rows only of the tenants that it names, like everybody.
select set_config('app.directory', 'on', false);
select set_config('app.tenants', (select coalesce(string_agg(t.id::text, ','), '') from tenants t), false);

-- Of two contacts of one number the one who wrote last keeps it; that they are one person is suggested.
insert into identities (tenant_id, kind, value, contact_id)
select distinct on (i.tenant_id, canonical_phone(i.value)) i.tenant_id, 'phone', canonical_phone(i.value), i.contact_id
from identities i
left join leads l on l.tenant_id = i.tenant_id and l.contact_id = i.contact_id
where i.kind = 'phone' and canonical_phone(i.value) <> i.value
order by i.tenant_id, canonical_phone(i.value), l.last_activity_at desc nulls last
on conflict (tenant_id, kind, value) do nothing;

insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
select distinct i.tenant_id, least(i.contact_id, k.contact_id), greatest(i.contact_id, k.contact_id), 'same number'
from identities i
join identities k on k.tenant_id = i.tenant_id and k.kind = 'phone' and k.value = canonical_phone(i.value)
where i.kind = 'phone' and canonical_phone(i.value) <> i.value and k.contact_id <> i.contact_id
on conflict do nothing;

update contacts set phone = canonical_phone(phone) where canonical_phone(phone) <> phone;

update leads set phone = canonical_phone(phone) where canonical_phone(phone) <> phone;

-- Conversations that one line on the phone silenced: its owner's last word came from nowhere that we sent it.
update conversations c set phone_at = c.last_message_at
where c.status = 'human' and c.user_id is null and c.phone_at is null
    and exists (
        select from messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'atendente'
            and m.external_id is not null)
    and not exists (
        select from messages m
        join deliveries d on d.tenant_id = m.tenant_id and d.message_id = m.id
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'atendente');

select set_config('app.directory', '', false), set_config('app.tenants', '', false);
