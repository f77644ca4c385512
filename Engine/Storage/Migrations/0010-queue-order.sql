-- What one customer writes is recorded in the order in which it came, whatever became of the processes that held it.
-- Messages with the same key are in order; null for all that need none.
alter table queue_messages add column order_key uuid;
-- Also what was given up, and is tried again one day.
alter table queue_dead_letters add column order_key uuid;

create index ix_queue_order on queue_messages (order_key, enqueued_at, id)
    where order_key is not null;

-- Which of these messages would overtake an earlier one with the same key, which is elsewhere or comes after it among
-- them. What failed before (it has a history), and could not be handled in ten minutes, holds nobody up any more; what
-- only waits does, however old it is. The plan must walk the indexes even when it is made while the table is empty,
-- because it is kept for when it is not: the first one by the primary key, which a condition on order_key in it would
-- trade for a walk of all that wait.
create function overtaking(ids uuid[]) returns setof uuid
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    return query
    select own.id
    from unnest(ids) with ordinality as i (id, place)
    cross join lateral (
        select q.id, q.order_key, q.enqueued_at
        from queue_messages q
        where q.id = i.id
        limit 1
    ) own
    cross join lateral (
        select q.id
        from queue_messages q
        where q.order_key = own.order_key and (q.enqueued_at, q.id) < (own.enqueued_at, own.id)
            and (q.history is null or q.enqueued_at > now() - interval '10 minutes')
            and coalesce(array_position(ids, q.id) > i.place, true)
        limit 1
    ) ahead;
end
$$;

-- First in the transaction that records a set: ends it where one of the set would overtake.
create function assert_in_order(ids uuid[]) returns void
language plpgsql stable
as $$
begin
    if exists (select from overtaking(ids)) then
        raise exception 'an earlier message of the same customer comes first' using errcode = 'VO001';
    end if;
end
$$;
