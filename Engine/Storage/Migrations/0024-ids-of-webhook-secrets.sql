-- Each webhook secret that is there gets an id, so that it can be ended by itself. Not under the lock of the alter that
-- made the column.

-- The owner of the tables sees rows only of the tenants that it names, like everybody.
select set_config('app.directory', 'on', true);
select set_config('app.tenants', (select coalesce(string_agg(t.id::text, ','), '') from tenants t), true);

update channels set webhook_secret_ids = array(
    select gen_random_uuid() from unnest(webhook_secrets))
where cardinality(webhook_secrets) > 0;

select set_config('app.directory', '', true), set_config('app.tenants', '', true);
