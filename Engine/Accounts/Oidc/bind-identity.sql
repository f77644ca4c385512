-- Whose account a person of the issuer opens: the one that was bound, or, at the first time, the one with the address
-- that the issuer vouches for. Takes a sign-in's state once: no row for one that was taken.
-- $1 issuer, $2 subject, $3 address in lower case, or null, $4 hash of the state
with taken as (
    insert into oidc_states (state) values ($4) on conflict do nothing returning state
),
known as (
    select i.user_id from user_identities i where i.issuer = $1 and i.subject = $2
),
named as (
    select u.id from users u
    where lower(u.email) = $3 and u.active and not exists (select from known) and exists (select from taken)
),
bound as (
    insert into user_identities (issuer, subject, user_id)
    select $1, $2, n.id from named n
    on conflict do nothing
    returning user_id
)
select coalesce((select k.user_id from known k), (select b.user_id from bound b)),
    exists (select from bound), exists (select from named)
from taken
