-- Where a channel's provider is, for one that companies run or rent themselves; null where all channels share one.
alter table channels add column server_url text;

-- Two companies may call an instance the same, each on its own server.
alter table channels
    add constraint channels_kind_address_server_key unique nulls not distinct (kind, address, server_url),
    drop constraint channels_kind_address_key;
