-- $1 tenant, $2 the only one, or null, $3 last of the page before, $4 its id, $5 how many
select p.id as "Id", p.url as "Url", p.description as "Description", p.events as "Events",
    p.includes_text as "IncludesText", p.includes_contact as "IncludesContact", p.status = 'active' as "Active",
    p.disabled_by as "DisabledBy", p.disabled_at as "DisabledAt", p.failing_since as "FailingSince",
    p.failures as "Failures", case when p.previous_until > now() then p.previous_until end as "PreviousSecretUntil",
    n.pending as "Pending", n.waiting as "Waiting", n.dead as "Dead", n.held as "Held",
    p.created_at as "CreatedAt", p.updated_at as "UpdatedAt"
from webhook_endpoints p
cross join lateral (
    select count(*) filter (where d.state = 'pending') as pending,
        count(*) filter (where d.state = 'waiting') as waiting,
        count(*) filter (where d.state = 'dead') as dead,
        count(*) filter (where d.state = 'held') as held
    from webhook_deliveries d
    where d.tenant_id = p.tenant_id and d.endpoint_id = p.id
        and d.state in ('pending', 'waiting', 'dead', 'held')
) n
where p.tenant_id = $1 and ($2::uuid is null or p.id = $2)
    and ($3::timestamptz is null or (p.created_at, p.id) > ($3, $4::uuid))
order by p.created_at, p.id
limit $5
