-- In the queue for a person, or renewed there. Being told that everybody is busy starts over when somebody else is
-- asked for.
-- $1 tenant, $2 flow, $3 conversation, $4 urgency, $5 since, $6 team, $7 agent, $8 skill, $9 supervisor, $10 excluded
insert into handoff_requests as r
    (tenant_id, flow_id, conversation_id, urgency, since, team_id, agent_id, skill, supervisor, excluded)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant_id, flow_id) do update set
    team_id = excluded.team_id, agent_id = excluded.agent_id, skill = excluded.skill,
    supervisor = excluded.supervisor, excluded = excluded.excluded,
    told_busy = r.told_busy and r.team_id is not distinct from excluded.team_id
        and r.agent_id is not distinct from excluded.agent_id and r.supervisor = excluded.supervisor
        and r.excluded = excluded.excluded
