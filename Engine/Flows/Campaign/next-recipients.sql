-- The next of a campaign, with what can fill their message. $1 tenant, $2 campaign, $3 rows
select r.contact_id, r.variant, p.name, p.phone, p.client_id, p.metadata::text
from campaign_recipients r
left join campaign_contacts p on p.tenant_id = r.tenant_id and p.id = r.contact_id
where r.tenant_id = $1 and r.campaign_id = $2 and r.state = 'pending'
order by r.position
limit $3
