-- An account's templates as its provider lists them; one that is listed no longer is disabled. $1 tenant, $2 channel,
-- $3 ids, $4 provider's id, $5 name, $6 language, $7 category, $8 status, $9 reason, $10 quality, $11 body, $12 places,
-- $13 account
with listed as materialized (
    select distinct on (i.name, i.language) i.*
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
        $11::text[], $12::int[])
        as i (id, provider_id, name, language, category, status, reason, quality, body, places)
),
gone as (
    update message_templates t set status = 'disabled', reason = 'not_listed', updated_at = now()
    where t.tenant_id = $1 and t.channel_id = $2 and t.provider_id is not null and t.status <> 'disabled'
        and not exists (select from listed l where l.name = t.name and l.language = t.language)
),
marked as (
    update channels c set settings = c.settings || jsonb_build_object('wabaId', $13::text, 'templatesSyncedAt', now())
    where c.tenant_id = $1 and c.id = $2
)
insert into message_templates (tenant_id, id, channel_id, provider_id, name, language, category, status, reason,
    quality, body, places, synced_at)
select $1, l.id, $2, l.provider_id, l.name, l.language, l.category, l.status, l.reason, l.quality, l.body, l.places,
    now()
from listed l
on conflict (tenant_id, channel_id, name, language) do update set
    provider_id = excluded.provider_id, category = coalesce(excluded.category, message_templates.category),
    status = excluded.status, reason = excluded.reason, quality = excluded.quality, body = excluded.body,
    places = excluded.places, synced_at = now(), updated_at = now()
