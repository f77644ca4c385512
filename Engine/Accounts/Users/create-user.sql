-- Who has an account already, of another tenant's making, keeps it as it is and works here too.
with found as (
    select u.id from users u where lower(u.email) = lower($3)
),
made as (
    insert into users (id, email, username, name, password_hash)
    select $2, $3, $4, $5, $6 where not exists (select from found)
    on conflict do nothing
    returning id
),
person as (
    select f.id from found f union all select n.id from made n
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
    where $7 <> 'admin'
)
select (select p.id from person p), exists (select from made), exists (select from member)
