-- Whether the customer had the last word on the company's phone. Asked only of conversations that the phone kept and
-- then forgot.
create function phone_left_waiting(tenant uuid, conversation uuid) returns boolean
language sql stable
as $$
select coalesce((
    select m.role = 'cliente'
    from messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.role <> 'sistema'
        and m.withdrawn_at is null
        and m.kind not in ('reaction', 'edit', 'revoke', 'system', 'group', 'request_welcome')
    order by m.created_at desc, m.seq desc
    limit 1), false)
$$;
