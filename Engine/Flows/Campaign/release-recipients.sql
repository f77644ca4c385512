-- Makes the messages of some of a campaign's recipients; whoever may not be written to is skipped, with the reason.
-- $1 contact, $2 message, $3 kind, $4 text, $5 payload, $6 why there is no message, $7 not before, $8 tenant,
-- $9 campaign, $10 channel, $11 field of the consent, $12 interval ms
with input as materialized (
    select i.*
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
        with ordinality as i (contact_id, message_id, kind, body, payload, lacking, due_at, ord)
),
released as materialized (
    select i.contact_id, i.message_id, i.due_at,
        case
            when i.lacking is not null then coalesce(send_obstacle($8, $10, i.contact_id, $11), i.lacking)
            else send_unasked($8, $10, i.contact_id, i.message_id, $9, 'bot', i.kind, i.body, i.payload, $11, false,
                case when $12 = 0 then now() else i.due_at end, 2)
        end as obstacle
    from (select * from input i order by i.ord) i
),
written as (
    update campaign_recipients r set
        state = case when w.obstacle is null then 'queued' else 'skipped' end,
        reason = w.obstacle,
        message_id = case when w.obstacle is null then w.message_id end,
        queued_at = now()
    from released w
    where r.tenant_id = $8 and r.campaign_id = $9 and r.contact_id = w.contact_id and r.state = 'pending'
)
update campaigns c set
    released = c.released + (select count(*) from released),
    last_release_at = clock_timestamp(),
    next_send_at = coalesce(
        (select max(w.due_at) + $12 * interval '1 ms' from released w where w.obstacle is null), c.next_send_at),
    updated_at = now()
where c.tenant_id = $8 and c.id = $9
