-- In the order in which they are written to. $1 tenant, $2 campaign, $3 outcome, $4 after which place, $5 rows
select o.contact_id as "ContactId", p.name as "Name", o.variant as "Variant", o.outcome as "Outcome",
    o.reason as "Reason", o.message_id as "MessageId", s.conversation_id as "ConversationId",
    o.queued_at as "QueuedAt", o.position as "Position"
from campaign_outcomes o
left join campaign_contacts p on p.tenant_id = o.tenant_id and p.id = o.contact_id
left join unasked_sends s on s.tenant_id = o.tenant_id and s.message_id = o.message_id
where o.tenant_id = $1 and o.campaign_id = $2
    and ($3::text is null or o.outcome = $3)
    and ($4::int is null or o.position > $4)
order by o.position
limit $5
