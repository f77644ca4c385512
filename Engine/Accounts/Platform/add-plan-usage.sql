-- Adds what was used between two moments, unless somebody else counted on from the first one meanwhile.
-- $1 tenant, $2 month, $3 and $4 the moments, $5 messages, $6 conversations, $7 model tokens
insert into plan_usage as u (tenant_id, month, counted_to, messages, conversations, model_tokens)
values ($1, $2, $4, $5, $6, $7)
on conflict (tenant_id, month) do update set counted_to = excluded.counted_to,
    messages = u.messages + excluded.messages, conversations = u.conversations + excluded.conversations,
    model_tokens = u.model_tokens + excluded.model_tokens
where u.counted_to = $3
