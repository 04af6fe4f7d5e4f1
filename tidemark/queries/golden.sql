-- name: foreign_key_pairs
-- Which table of a schema must be filled before which; a table that refers to itself is no pair.
SELECT DISTINCT
    child.relname AS child,
    parent.relname AS parent
FROM pg_catalog.pg_constraint AS con
INNER JOIN pg_catalog.pg_class AS child ON con.conrelid = child.oid
INNER JOIN pg_catalog.pg_class AS parent ON con.confrelid = parent.oid
WHERE con.contype = 'f' AND child.oid <> parent.oid
    AND child.relnamespace = to_regnamespace(%(schema)s) AND parent.relnamespace = child.relnamespace;

-- name: table_names
-- Base tables of a schema.
SELECT cls.relname AS table_name
FROM pg_catalog.pg_class AS cls
WHERE cls.relnamespace = to_regnamespace(%(schema)s) AND cls.relkind IN ('r', 'p')
ORDER BY cls.relname;

-- name: copy_statement
-- The COPY that fills some columns of a table from a CSV file with header.
SELECT format('COPY %%s (%%s) FROM STDIN WITH (FORMAT csv, HEADER)', (
    SELECT string_agg(format('%%I', part.name), '.' ORDER BY part.no)
    FROM unnest(%(table)s::text []) WITH ORDINALITY AS part (name, no)
), (
    SELECT string_agg(format('%%I', col.name), ', ' ORDER BY col.no)
    FROM unnest(%(columns)s::text []) WITH ORDINALITY AS col (name, no)
));

-- name: text_table_statement
-- The statement that makes a temporary table of text columns.
SELECT format('CREATE TEMPORARY TABLE %%I (%%s)', %(table)s::text, string_agg(format('%%I text', col.name), ', '))
FROM unnest(%(columns)s::text []) AS col (name);

-- name: delete_statement
-- The statement that empties a table.
SELECT format('DELETE FROM %%I.%%I', %(schema)s::text, %(table)s::text);

-- name: analyze_statement
-- The statement that looks at the rows of tables that were filled just now.
SELECT 'ANALYZE ' || string_agg(format('%%I.%%I', %(schema)s::text, tab.name), ', ')
FROM unnest(%(tables)s::text []) AS tab (name);

-- name: stored_views_of
-- Stored views of a schema, with the statement that sets one against its live twin: rows stored, rows on either side
-- that the other one lacks, and some of them.
SELECT
    sto.view_name,
    format(
        'WITH lacking AS (SELECT %%1$s FROM %%2$s EXCEPT ALL SELECT %%1$s FROM %%3$s), '
        'excess AS (SELECT %%1$s FROM %%3$s EXCEPT ALL SELECT %%1$s FROM %%2$s) '
        'SELECT (SELECT count(*) FROM %%3$s) AS stored_count, (SELECT count(*) FROM lacking) AS lacking_count, '
        '(SELECT count(*) FROM excess) AS excess_count, '
        'ARRAY(SELECT lacking::text FROM lacking LIMIT 10) AS lacking_rows, '
        'ARRAY(SELECT excess::text FROM excess LIMIT 10) AS excess_rows',
        (
            SELECT string_agg(format('%%I', col.name), ', ' ORDER BY col.no)
            FROM unnest(sto.column_names) WITH ORDINALITY AS col (name, no)
        ),
        to_regclass(sto.live_name),
        to_regclass(sto.view_name)
    ) AS comparison
FROM refresh.stored_views AS sto
WHERE starts_with(sto.view_name, %(schema)s || '.')
ORDER BY sto.view_name;

-- name: set_as_of
-- The business day of the session, for everything that reads refresh.as_of_date().
SELECT set_config('tidemark.as_of', %(as_of)s, FALSE) FROM set_config('tidemark.clock', 'session', FALSE) AS clock;

-- name: has_days
-- True if a temporary table of expected rows has a column of days.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS att
    WHERE att.attrelid = to_regclass('pg_temp.' || quote_ident(%(table)s)) AND att.attname = 'as_of'
);

-- name: hide_days_statement
-- The statement that takes all days but one from a temporary table of expected rows.
SELECT format('DELETE FROM pg_temp.%%I WHERE as_of <> %%L', %(table)s::text, %(as_of)s::text);

-- name: refresh_due
-- Brings every stored view that needs it up to date.
CALL refresh.run_due();
