-- How many secrets of accounts are in plain, and how many an older key sealed.
-- $1 how what is sealed with the current key begins
with s as (
    select u.id, 'users.totp_secret' as place, u.totp_secret as secret from users u where u.totp_secret <> ''
    union all
    select k.kid, 'signing_keys.secret', k.secret from signing_keys k
)
select count(*) filter (where not starts_with(s.secret, 'enc:')),
    count(*) filter (where starts_with(s.secret, 'enc:') and not starts_with(s.secret, $1))
from s
