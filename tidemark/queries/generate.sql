-- name: request_generation
-- What the generator files read, for one transaction.
SELECT
    set_config('tidemark.generate_size', %(size)s::text, TRUE) AS size,
    set_config('tidemark.generate_seed', %(seed)s::text, TRUE) AS seed,
    set_config('tidemark.generate_as_of', %(as_of)s::date::text, TRUE) AS as_of,
    set_config('tidemark.generate_append', %(append)s::boolean::text, TRUE) AS is_append;

-- name: inserted_rows
-- Rows that this transaction inserted into the tables of a schema.
SELECT
    sta.relname AS table_name,
    sta.n_tup_ins AS rows_inserted
FROM pg_catalog.pg_stat_xact_user_tables AS sta
WHERE sta.schemaname = %(schema)s AND sta.n_tup_ins > 0
ORDER BY sta.relname;
