-- Every message of the set has a receipt by now, its own or an earlier copy's.
-- $1 channel, $2 event id
select assert_all_recorded(
    count(*),
    count(r.provider_message_id))
from unnest($1::uuid[], $2::text[]) as i (channel_id, event_id)
left join receipts r on r.channel_id = i.channel_id and r.provider_message_id = i.event_id
