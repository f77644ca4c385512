-- Monthly partitions: the job runs this every day, a deployment runs it here, so that the coming three months always
-- exist. A row outside every partition is refused, which the job's alert makes impossible rather than silent.
create procedure ensure_message_partitions(months_ahead integer default 3)
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    start date := date_trunc('month', now() at time zone 'utc')::date;
    first date;
    name text;
begin
    -- Two instances may come to this at the same moment.
    perform pg_advisory_xact_lock(hashtext('ensure_message_partitions'));
    for i in -1..months_ahead loop
        first := (start + make_interval(months => i))::date;
        name := 'messages_' || to_char(first, 'YYYY_MM');
        if to_regclass(name) is null then
            execute format('create table %I partition of messages for values from (%L) to (%L)',
                name, first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00');
            execute format('alter table %I enable row level security', name);
            execute format('alter table %I force row level security', name);
        end if;
    end loop;
end
$$;

revoke all on procedure ensure_message_partitions(integer) from public;
grant execute on procedure ensure_message_partitions(integer) to vellarys_app;
call ensure_message_partitions();
