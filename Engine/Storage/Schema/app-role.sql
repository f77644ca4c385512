-- The statements that are still needed to make role $1 what it should be, in order; its grants are its own, whatever
-- everybody may do. $2: its password, empty when the one it has works; $3 to $5: its session defaults as name=value,
-- which reach a session whatever pool is in between; $6: on Azure the label that ties it to an identity, else empty.
with wanted(setting) as (values ($3::text), ($4), ($5)),
role as (select * from pg_roles where rolname = $1)
select statement
from (
    select 1 as step, format(
        'create role %I login nosuperuser nobypassrls nocreatedb nocreaterole%s', $1::text,
        case when $2::text = '' then '' else format(' password %L', $2) end) as statement
    where not exists (select from role)
    union all
    select 2, format('alter role %I login nosuperuser nobypassrls nocreatedb nocreaterole', $1)
    from role
    where rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or not rolcanlogin
    union all
    select 3, format('alter role %I password %L', $1, $2)
    from role
    where $2 <> ''
    union all
    select 4, format('alter role %I set %I = %L', $1, split_part(setting, '=', 1), split_part(setting, '=', 2))
    from wanted
    where not exists (select from role where setting = any (rolconfig))
    union all
    select 5, format('grant connect on database %I to %I', current_database(), $1)
    where not exists (
        select from role, pg_database, aclexplode(datacl) as acl
        where datname = current_database() and acl.grantee = role.oid and acl.privilege_type = 'CONNECT')
    union all
    select 6, format('grant usage on schema public to %I', $1)
    where not exists (
        select from role, pg_namespace, aclexplode(nspacl) as acl
        where nspname = 'public' and acl.grantee = role.oid and acl.privilege_type = 'USAGE')
    union all
    select 7, 'revoke create on schema public from public'
    where exists (
        select from pg_namespace, aclexplode(nspacl) as acl
        where nspname = 'public' and acl.grantee = 0 and acl.privilege_type = 'CREATE')
    union all
    select 8, format('security label for pgaadauth on role %I is %L', $1, $6)
    where $6 <> '' and not exists (
        select from role, pg_shseclabel as label
        where label.objoid = role.oid and label.classoid = 'pg_authid'::regclass and provider = 'pgaadauth'
            and label.label = $6)
) as steps
order by step
