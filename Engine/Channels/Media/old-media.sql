-- Whose files go now: old ones, those that were taken back, uploads of which nothing came in a day.
-- $1 tenant, $2 how long files are kept, $3 rows
(select id from media
 where tenant_id = $1 and state = 'stored' and stored_at < clock_timestamp() - $2::interval
 order by stored_at
 limit $3)
union
(select id from media where tenant_id = $1 and state = 'deleted' and sha256 is not null limit $3)
union
(select id from media
 where tenant_id = $1 and message_id is null and state <> 'deleted'
     and created_at < clock_timestamp() - interval '1 day'
 order by created_at
 limit $3)
limit $3
