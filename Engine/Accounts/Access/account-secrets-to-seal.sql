-- Secrets of accounts that are not stored as they are to be.
-- $1 how what is sealed with the current key begins; empty: what is in plain is as it is to be
with s as (
    select u.id, 'users.totp_secret' as place, u.totp_secret as secret from users u where u.totp_secret <> ''
    union all
    select k.kid, 'signing_keys.secret', k.secret from signing_keys k
)
select s.id, s.place, s.secret
from s
where case when $1 = '' then starts_with(s.secret, 'enc:') else not starts_with(s.secret, $1) end
order by s.id
limit 1000
