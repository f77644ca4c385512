-- Who has an account already, of another tenant's making, keeps it as it is and works here too: where somebody of the
-- platform says so ($11), for whoever made the account could be anybody.
with found as (
    select u.id, exists (
        select from memberships m where m.tenant_id = $1 and m.user_id = u.id) as is_member
    from users u
    where lower(u.email) = lower($3)
),
verdict as (
    select case
        when exists (select from found f where f.is_member) then 'already_member'
        when exists (select from found) and not $11 then 'account_elsewhere'
        when not plan_has_room($1, 'users', (
            select count(*) from memberships m where m.tenant_id = $1 and m.active)) then 'plan_limit_reached'
        end as refusal
),
made as (
    insert into users (id, email, username, name, password_hash)
    select $2, $3, $4, $5, $6 from verdict v
    where v.refusal is null and not exists (select from found)
    on conflict do nothing
    returning id
),
person as (
    select f.id from found f join verdict v on v.refusal is null union all select n.id from made n
),
member as (
    insert into memberships (tenant_id, user_id, name, role, profile_id)
    select $1, p.id, $5, $7, $8 from person p
    on conflict (tenant_id, user_id) do nothing
    returning user_id
),
agent as (
    insert into agents (tenant_id, id, name, role, user_id)
    select $1, $9, $5, case $7 when 'supervisor' then 'supervisor' else 'agent' end, m.user_id
    from member m
    where $7 <> 'admin' and $10::uuid is null
),
tied as (
    update agents a set user_id = m.user_id, updated_at = now()
    from member m
    where a.tenant_id = $1 and a.id = $10 and a.user_id is null
)
select (select p.id from person p), exists (select from made), (select v.refusal from verdict v)
