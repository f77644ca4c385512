insert into sign_in_attempts as a (key, count, window_ends)
select k.key, 1, now() + interval '15 minutes'
from unnest($1::bytea[]) as k (key)
order by k.key
on conflict (key) do update set
    count = case when a.window_ends <= now() then 1 else a.count + 1 end,
    window_ends = case when a.window_ends <= now() then now() + interval '15 minutes' else a.window_ends end
returning a.key, a.count, ceil(extract(epoch from a.window_ends - now()))::int
