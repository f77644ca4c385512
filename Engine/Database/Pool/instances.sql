-- The product's sessions by instance, those with the most in hand first. The session that asks is no work.
-- $1 what their names begin with
select substr(a.application_name, length($1) + 1),
    count(*)::int,
    count(*) filter (where a.state <> 'idle' and a.pid <> pg_backend_pid())::int,
    count(*) filter (where a.state like 'idle in transaction%')::int,
    coalesce(
        max(extract(epoch from now() - a.xact_start)) filter (where a.pid <> pg_backend_pid()), 0)::int,
    current_setting('max_connections')::int
from pg_stat_activity a
where a.datname = current_database() and starts_with(a.application_name, $1)
group by a.application_name
order by 3 desc, 2 desc, 1
