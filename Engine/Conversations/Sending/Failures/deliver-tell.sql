-- Takes note that staff hears of a failure: once, and where the bot is in charge and the customer has no answer now, a
-- person is called. The conversation's row is locked by the statement before. $1 tenant, $2 message
with told as materialized (
    update deliveries d set untold = false
    where d.tenant_id = $1 and d.message_id = $2 and d.untold and d.state = 'failed'
    returning d.tenant_id, d.conversation_id, d.class, d.flow_id, d.reason, d.epoch
),
before as materialized (
    select c.tenant_id, c.id, c.status, c.user_id, t.class, t.flow_id, t.reason
    from told t
    join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
),
called as materialized (
    -- What the customer wrote meanwhile is theirs to answer who come now.
    select o.id
    from before b
    cross join lateral change_owner(
        b.tenant_id, b.id, 'waiting', was => 'bot', why => 'undelivered', reason => 'undelivered') o
    where b.status = 'bot' and b.class = 'reply' and b.flow_id is null
)
select b.id, b.class, b.reason, b.status, b.user_id, exists (select from called) as called from before b
