-- Where a channel's provider is, for one that companies run or rent themselves; null where all channels share one.
alter table channels add column server_url text;

-- Two companies may call an instance the same, each on its own server.
create unique index channels_kind_address_server on channels (kind, address, coalesce(server_url, ''));
alter table channels drop constraint channels_kind_address_key;
