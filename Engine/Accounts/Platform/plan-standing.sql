-- What a tenant used of its plan this month, as far as it was counted. $1 tenant
with t as (
    select t.id, p.name, p.channels, p.users, p.messages_a_month, p.conversations_a_month, p.model_tokens_a_month,
        date_trunc('month', now() at time zone t.time_zone) as month,
        date_trunc('month', now() at time zone t.time_zone) at time zone t.time_zone as began
    from tenants t
    left join plans p on p.id = t.plan_id
    where t.id = $1
)
select t.month::date as "Month", coalesce(u.counted_to, t.began) as "From", t.name as "PlanName",
    coalesce(u.messages, 0) as "Messages", coalesce(u.conversations, 0) as "Conversations",
    coalesce(u.model_tokens, 0) as "ModelTokens", t.messages_a_month as "MessagesLimit",
    t.conversations_a_month as "ConversationsLimit", t.model_tokens_a_month as "ModelTokensLimit",
    channels_of($1) as "Channels",
    (select count(*) from memberships m where m.tenant_id = $1 and m.active) as "Users",
    t.channels as "ChannelsLimit", t.users as "UsersLimit", coalesce(u.told, '{}') as "Told"
from t
left join plan_usage u on u.tenant_id = $1 and u.month = t.month::date
