-- Whether a line is something that somebody said: it may be the last word.
create function is_word(role text, kind text, withdrawn_at timestamptz) returns boolean
language sql immutable parallel safe
as $$
select role <> 'sistema' and withdrawn_at is null
    and kind not in ('reaction', 'edit', 'revoke', 'system', 'group', 'request_welcome')
$$;

-- Whether the customer had the last word on the company's phone. Asked only of conversations that the phone kept and
-- then forgot.
create function phone_left_waiting(tenant uuid, conversation uuid) returns boolean
language sql stable
as $$
select coalesce((
    select m.role = 'cliente'
    from messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and is_word(m.role, m.kind, m.withdrawn_at)
    order by m.created_at desc, m.seq desc
    limit 1), false)
$$;
