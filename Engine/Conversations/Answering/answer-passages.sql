-- What the knowledge base has on the unanswered text of each turn. $1 ordinal, $2 tenant, $3 conversation, $4 turn
select i.ord, k.title, k.body
from unnest($1::int[], $2::uuid[], $3::uuid[], $4::bigint[]) as i (ord, tenant_id, conversation_id, turn)
cross join lateral (
    select c.tenant_id, c.id, c.created_at
    from conversations c
    where c.tenant_id = i.tenant_id and c.id = i.conversation_id
    limit 1
) c
cross join lateral (
    select string_agg(u.body, ' ') as question
    from (
        -- Whoever taps an ad and asks for more means what the ad shows.
        select case when m.details is null then m.body else concat_ws(' ', m.body, (
            select string_agg(d ->> 'value', ' ') from json_array_elements(m.details::json) d
            where d ->> 'name' in ('ad.headline', 'product'))) end as body
        from messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'cliente'
            and m.created_at >= c.created_at - interval '1 minute' and m.created_at <= now() + interval '1 day'
            and m.turn <= i.turn
        order by m.created_at desc, m.seq desc
        limit 3
    ) u
) q
cross join lateral search_knowledge(i.tenant_id, q.question) k
order by i.ord
