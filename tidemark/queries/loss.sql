-- name: see_all_rows
-- For the transaction: a policy must not hide rows from the count; PostgreSQL complains instead.
SET LOCAL row_security = off;

-- name: tables_of
-- The table of that name, or the tables of that schema; partitions are counted with their table.
SELECT
    nsp.nspname::text AS schema_name,
    cls.relname::text AS relation_name,
    format('%%I.%%I', nsp.nspname, cls.relname) AS identity
FROM pg_catalog.pg_class AS cls
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE cls.relkind IN ('r', 'p')
    AND CASE WHEN %(is_schema)s THEN nsp.oid = to_regnamespace(%(name)s) AND NOT cls.relispartition
        ELSE cls.oid = to_regclass(nullif(%(name)s, '')) END
ORDER BY identity;

-- name: has_column
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS att
    WHERE att.attrelid = to_regclass(%(relation)s) AND att.attname = %(column)s AND att.attnum > 0
);

-- name: count_rows
-- Up to one more than a million.
SELECT count(*) FROM (SELECT FROM {schema}.{relation} LIMIT 1000001) AS found;

-- name: count_values
-- Rows with a value in the column, up to one more than a million.
SELECT count(*) FROM (SELECT FROM {schema}.{relation} AS tab WHERE tab.{column} IS NOT NULL LIMIT 1000001) AS found;

-- name: lock_table
LOCK TABLE {schema}.{relation} IN ACCESS EXCLUSIVE MODE;
