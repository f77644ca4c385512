-- Makes the message of a scheduled one, once; its row is locked. Free text outside the 24-hour window fails at the
-- send, where staff sees it. $1 tenant, $2 scheduled message, $3 message
with due as materialized (
    select s.id, s.channel_id, s.contact_id, s.text, s.template
    from scheduled_messages s
    where s.tenant_id = $1 and s.id = $2 and s.status = 'scheduled' and s.send_at <= now() + interval '5 seconds'
),
sent as materialized (
    select d.id,
        coalesce(
            case when d.template is not null then 'template_' || template_obstacle(
                $1, d.channel_id, d.template::jsonb ->> 'name', d.template::jsonb ->> 'language',
                jsonb_array_length(d.template::jsonb -> 'parameters')) end,
            send_unasked($1, d.channel_id, d.contact_id, $3, d.id, 'atendente',
                case when d.template is null then 'text' else 'template' end, d.text, d.template, null, true, now(), 1))
            as obstacle
    from due d
)
update scheduled_messages s set
    status = case when w.obstacle is null then 'queued' else 'skipped' end,
    reason = w.obstacle,
    message_id = case when w.obstacle is null then $3 end,
    updated_at = now()
from sent w
where s.tenant_id = $1 and s.id = w.id
