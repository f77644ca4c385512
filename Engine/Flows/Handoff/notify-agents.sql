-- Writes down for the person asked, or for every supervisor ($4 null), what the conversation is about.
-- $1 tenant, $2 flow, $3 conversation, $4 agent, $5 kind, $6 first key
insert into notifications (tenant_id, id, agent_id, flow_id, conversation_id, kind, body)
select $1, case when $4::uuid is null then new_id() else $6 end, a.id, $2, c.id, $5,
    jsonb_build_object(
        'reason', c.handoff_reason,
        'contact', c.contact_name,
        'waitingSince', f.created_at,
        'summary', c.summary,
        'qualification', c.qualification,
        'score', c.score,
        'fields', c.custom_data,
        'lastMessages', coalesce((
            select jsonb_agg(jsonb_build_object('from', m.role, 'at', m.created_at, 'text', left(m.body, 500))
                order by m.created_at, m.seq)
            from (
                select m.role, m.created_at, m.seq, case when m.kind = 'text' then m.body else '[' || m.kind || ']' end
                    as body
                from messages m
                where m.tenant_id = $1 and m.conversation_id = c.id and m.created_at >= c.created_at
                order by m.created_at desc, m.seq desc
                limit 6
            ) m), '[]'))
from conversation_summaries c
join flows f on f.tenant_id = $1 and f.id = $2
join agents_at_work a on a.tenant_id = $1 and a.active
    and case when $4::uuid is null then a.role = 'supervisor' else a.id = $4 end
where c.tenant_id = $1 and c.id = $3
