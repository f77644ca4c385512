-- Every index in the schema: whether queries may use it, whether somebody is building on its table just now, how often
-- it was used (those of partitions together), its size, and for B-trees an estimate of how much of that is empty: the
-- pages that its entries would need at nine tenths full against those that it has. Columns of variable length are
-- taken for 24 bytes: the product's role may not read the statistics of tables under row-level security.
select i.relname::text as "Name", t.relname::text as "Table",
    (select p.relname::text from pg_inherits h join pg_class p on p.oid = h.inhparent where h.inhrelid = i.oid)
        as "Parent",
    x.indisvalid and x.indisready and x.indislive as "IsSound",
    not x.indisvalid and exists (
        select from pg_locks l
        where l.relation = x.indrelid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
            and l.database = (select oid from pg_database where datname = current_database())) as "IsBusy",
    coalesce(
        (select sum(s.idx_scan) from pg_partition_tree(i.oid) p join pg_stat_all_indexes s on s.indexrelid = p.relid),
        (select s.idx_scan from pg_stat_all_indexes s where s.indexrelid = i.oid), 0)::bigint as "Scans",
    pg_relation_size(i.oid) as "Bytes",
    case when a.amname = 'btree' and i.relpages > 128 and i.reltuples >= 0 then
        greatest(0, 100 - 100 * i.reltuples * (20 + (
            select sum(case when c.attlen > 0 then c.attlen else 24 end)
            from pg_attribute c where c.attrelid = i.oid)) / 0.9 / (i.relpages * 8192.0))::int
    end as "BloatPercent"
from pg_index x
join pg_class i on i.oid = x.indexrelid
join pg_class t on t.oid = x.indrelid
join pg_am a on a.oid = i.relam
where i.relnamespace = 'public'::regnamespace
order by i.relname
