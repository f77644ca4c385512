-- What a tenant used since a moment: messages of customers, bot and staff, conversations that began, tokens of turns.
-- Conversations are found by their keys, which tell when they were made. What is being committed while this counts has
-- its turn next time. $1 tenant, $2 since, $3 how far behind the clock, $4 the first key that may be younger
with upto as (
    select greatest($2, now() - $3::interval) as at
)
select
    (select count(*) from messages m
     where m.tenant_id = $1 and m.created_at >= $2 and m.created_at < u.at and m.role <> 'sistema') as "Messages",
    (select count(*) from conversations c
     where c.tenant_id = $1 and c.id >= $4 and c.created_at >= $2 and c.created_at < u.at) as "Conversations",
    (select coalesce(sum(t.input_tokens::bigint + t.output_tokens), 0)::bigint from turns t
     where t.tenant_id = $1 and t.created_at >= $2 and t.created_at < u.at) as "ModelTokens",
    u.at as "To"
from upto u
