-- What the provider called the contact last; a name that differs from it was typed by staff and stays.
alter table contacts add column profile_name text;

-- Where a business-scoped id was seen: another one on the same channel is another person, on another channel it need
-- not be. Null for what was stored before. kind may also be former_phone: a number that the contact has given up.
alter table identities add column channel_id uuid;

-- Set while the conversation is in charge of whoever answers on the company's phone: when they last wrote.
alter table conversations add column phone_at timestamptz;

-- PhoneNumbers.Canonical, for what is stored.
create function canonical_phone(digits text) returns text
    language sql immutable parallel safe
    as $$
    select case
        when digits ~ '^55[1-9]{2}[6-9][0-9]{7}$' then substr(digits, 1, 4) || '9' || substr(digits, 5)
        when digits ~ '^521[2-9][0-9]{9}$' then '52' || substr(digits, 4)
        when digits ~ '^54[1-3][0-9]{9}$' then '549' || substr(digits, 3)
        else digits
    end
    $$;

-- A release that does not know a form of a number yet looks for the number as it stored it: the old form stays, and the
-- canonical one is found beside it, also for what that release stores from now on.
create function add_canonical_phone() returns trigger
    language plpgsql
    as $$
declare
    holder uuid;
begin
    insert into identities (tenant_id, kind, value, contact_id)
    values (new.tenant_id, 'phone', canonical_phone(new.value), new.contact_id)
    on conflict (tenant_id, kind, value) do nothing;
    select i.contact_id into holder
    from identities i
    where i.tenant_id = new.tenant_id and i.kind = 'phone' and i.value = canonical_phone(new.value);
    if holder is distinct from new.contact_id then
        insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
        values (new.tenant_id, least(holder, new.contact_id), greatest(holder, new.contact_id), 'same number')
        on conflict do nothing;
    end if;
    return null;
end
$$;

create trigger identities_canonical_phone after insert on identities
    for each row when (new.kind = 'phone' and canonical_phone(new.value) <> new.value)
    execute function add_canonical_phone();

-- The provider says that a customer has another number or id (what: number_changed, user_id_changed), or that a number
-- may be somebody else's (owner_changed). known: what they were known by, strongest first. Returns the conversation
-- that staff reads of it in; null when nobody is known by that, or the event was here before.
create function change_identity(
    tenant uuid, channel uuid, event text, what text, kinds text[], known text[], new_phone text, new_bsuid text,
    address text, message uuid, note text, sent timestamptz, received timestamptz) returns uuid
    language plpgsql
    as $$
declare
    who uuid;
    other uuid;
    given text;
    spoken uuid;
    came_first boolean := false;
begin
    insert into receipts (tenant_id, channel_id, provider_message_id, kind, outcome, received_at)
    values (tenant, channel, event, 'N', 'ignored:' || what, received)
    on conflict do nothing;
    if not found then
        return null;
    end if;
    select i.contact_id into who
    from unnest(kinds, known) with ordinality as k (kind, value, place)
    join identities i on i.tenant_id = tenant and i.kind = k.kind and i.value = k.value
    order by k.place
    limit 1;
    if who is null then
        return null;
    end if;
    update conversations c set last_seq = c.last_seq + 1
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = who and c.status <> 'closed'
    returning c.id into spoken;
    if spoken is not null then
        insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, kind, body, external_id,
            sent_at, received_at)
        select tenant, message, c.id, c.lead_id, channel, c.last_seq, 'sistema', 'system', note, event, sent, received
        from conversations c
        where c.tenant_id = tenant and c.id = spoken;
    end if;
    if what = 'owner_changed' then
        -- A new owner has an account of their own: where accounts are known, the next message tells who writes.
        if not exists (
            select from identities i
            where i.tenant_id = tenant and i.contact_id = who and i.kind = 'bsuid'
                and coalesce(i.channel_id, channel) = channel) then
            foreach given in array known loop
                perform give_up_number(tenant, given, since => sent);
            end loop;
        end if;
        return spoken;
    end if;
    for other in
        select i.contact_id from identities i
        where i.tenant_id = tenant and i.contact_id <> who
            and (i.kind = 'phone' and i.value = new_phone or i.kind = 'bsuid' and i.value = new_bsuid)
    loop
        insert into identity_merge_suggestions (tenant_id, contact_id, other_contact_id, reason)
        values (tenant, least(who, other), greatest(who, other), what)
        on conflict do nothing;
    end loop;
    if new_bsuid is not null then
        insert into identities (tenant_id, kind, value, contact_id, channel_id)
        values (tenant, 'bsuid', new_bsuid, who, channel)
        on conflict (tenant_id, kind, value) do update set contact_id = excluded.contact_id;
    end if;
    if new_phone is not null then
        select i.contact_id into other
        from identities i
        where i.tenant_id = tenant and i.kind = 'phone' and i.value = new_phone;
        if other <> who then
            -- Whoever wrote from the new number before we heard of it, and never before it was theirs, is this
            -- customer: what they said there goes on there.
            select p.created_at >= sent - interval '1 minute' and exists (
                select from conversations c
                where c.tenant_id = tenant and c.contact_id = other and c.last_inbound_at >= sent)
            into came_first
            from contacts p
            where p.tenant_id = tenant and p.id = other;
            if came_first then
                update contacts p set opted_out_at = w.opted_out_at, updated_at = now()
                from contacts w
                where w.tenant_id = tenant and w.id = who and w.opted_out_at is not null
                    and p.tenant_id = tenant and p.id = other and p.opted_out_at is null and p.opted_by is null;
            else
                perform give_up_number(tenant, new_phone, since => sent);
            end if;
        end if;
        insert into identities (tenant_id, kind, value, contact_id)
        values (tenant, 'phone', new_phone, who)
        on conflict do nothing;
        -- Their old numbers, whether the event names them or not: somebody else will have them one day.
        for given in
            select distinct canonical_phone(i.value) from identities i
            where i.tenant_id = tenant and i.contact_id = who and i.kind = 'phone'
                and canonical_phone(i.value) <> new_phone
        loop
            perform give_up_number(tenant, given, reached_at => address);
        end loop;
        update contacts p set phone = coalesce(p.phone, new_phone) where p.tenant_id = tenant and p.id = who;
        update leads l set phone = coalesce(l.phone, new_phone) where l.tenant_id = tenant and l.contact_id = who;
    end if;
    update conversations c set reply_to = address
    where c.tenant_id = tenant and c.channel_id = channel and c.contact_id = who;
    return spoken;
end
$$;
