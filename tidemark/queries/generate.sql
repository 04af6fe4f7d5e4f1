-- name: request_generation
-- What the generator files read, for one transaction.
SELECT
    set_config('tidemark.generate_size', %(size)s::text, TRUE) AS size,
    set_config('tidemark.generate_seed', %(seed)s::text, TRUE) AS seed,
    set_config('tidemark.generate_as_of', %(as_of)s::date::text, TRUE) AS as_of,
    set_config('tidemark.generate_append', %(append)s::boolean::text, TRUE) AS is_append;

-- name: inserted_rows
-- Rows that this transaction inserted into the tables of a schema; those of partitions count for their table.
SELECT
    rel.relname AS table_name,
    sum(sta.n_tup_ins)::bigint AS rows_inserted
FROM pg_catalog.pg_stat_xact_user_tables AS sta
INNER JOIN pg_catalog.pg_class AS rel ON rel.oid = coalesce(pg_partition_root(sta.relid), sta.relid)
WHERE sta.schemaname = %(schema)s AND sta.n_tup_ins > 0
GROUP BY rel.relname
ORDER BY rel.relname;
