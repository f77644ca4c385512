-- $1 tenant, $2 channel or null
select c.id as "Id", c.kind as "Kind", c.address as "Address", c.display_name as "DisplayName",
    c.server_url as "ServerUrl", c.status as "Status",
    case when c.status = 'stopped' then c.stop_code end as "StopCode",
    case when c.status = 'stopped' then coalesce(c.stopped_by, 'provider') end as "StoppedBy",
    case when c.status = 'stopped' then c.stopped_at end as "StoppedAt",
    case when c.status = 'stopped' then c.next_probe_at end as "NextProbeAt",
    case when c.status = 'active' then c.doubt_code end as "DoubtCode",
    case when c.status = 'active' then c.doubted_at end as "DoubtedAt",
    (select count(*) from deliveries d where d.tenant_id = c.tenant_id and d.channel_id = c.id and d.state = 'pending')
        as "Waiting"
from channels c
where c.tenant_id = $1 and ($2::uuid is null or c.id = $2)
order by c.created_at, c.id
