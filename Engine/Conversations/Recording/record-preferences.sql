-- $1 tenant, $2 identity kind, $3 identity value, $4 opted out
update contacts c set opted_out_at = case when p.opted_out then now() end, updated_at = now()
from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) as p (tenant_id, kind, value, opted_out)
join identities i on i.tenant_id = p.tenant_id and i.kind = p.kind and i.value = p.value
where c.tenant_id = i.tenant_id and c.id = i.contact_id
