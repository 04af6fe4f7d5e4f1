-- name: derive_stored_views
-- Stored views that are kept by key, with their sources as the engine found them.
SELECT
    sto.view_name,
    sto.live_name,
    sto.key_columns,
    array_agg(src.source_name ORDER BY src.source_name) AS sources
FROM refresh.stored_views AS sto
INNER JOIN refresh.view_sources AS src ON sto.view_id = src.view_id
WHERE sto.mode = 'keyed'
GROUP BY sto.view_id
ORDER BY sto.view_name;

-- name: derive_views
-- A live view and every plain view below it, with columns in order and the definition.
WITH RECURSIVE below AS (
    SELECT to_regclass(%(live)s)::oid AS oid
    UNION
    SELECT dep.refobjid
    FROM below
    INNER JOIN pg_catalog.pg_rewrite AS rul ON below.oid = rul.ev_class
    INNER JOIN pg_catalog.pg_depend AS dep
        ON dep.classid = 'pg_rewrite'::regclass AND rul.oid = dep.objid AND dep.refclassid = 'pg_class'::regclass
)

SELECT
    CASE WHEN cls.oid = to_regclass(%(live)s) THEN %(live)s ELSE nsp.nspname || '.' || cls.relname END AS view_name,
    array(
        SELECT att.attname::text
        FROM pg_catalog.pg_attribute AS att
        WHERE att.attrelid = cls.oid AND att.attnum > 0 AND NOT att.attisdropped
        ORDER BY att.attnum
    ) AS columns,
    pg_get_viewdef(cls.oid) AS definition
FROM below
INNER JOIN pg_catalog.pg_class AS cls ON below.oid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE cls.relkind = 'v';

-- name: derive_sources
-- Columns of sources, in order.
SELECT
    src.name AS source_name,
    array(
        SELECT att.attname::text
        FROM pg_catalog.pg_attribute AS att
        WHERE att.attrelid = to_regclass(src.name) AND att.attnum > 0 AND NOT att.attisdropped
        ORDER BY att.attnum
    ) AS columns
FROM unnest(%(sources)s::text []) AS src (name)
WHERE to_regclass(src.name) IS NOT NULL;

-- name: derive_required
-- Columns that are never NULL.
SELECT
    src.name AS source_name,
    att.attname::text AS column_name
FROM unnest(%(sources)s::text []) AS src (name)
INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = to_regclass(src.name) AND att.attnum > 0
WHERE att.attnotnull;

-- name: derive_aggregates
SELECT DISTINCT fun.proname::text AS name
FROM pg_catalog.pg_proc AS fun
WHERE fun.prokind = 'a';

-- name: derive_safe_functions
-- Functions that give the same for the same arguments at any time: PostgreSQL's own by bare name too.
SELECT DISTINCT given.name
FROM pg_catalog.pg_proc AS fun
INNER JOIN pg_catalog.pg_namespace AS nsp ON fun.pronamespace = nsp.oid
CROSS JOIN LATERAL (
    VALUES (nsp.nspname || '.' || fun.proname), (CASE WHEN nsp.nspname = 'pg_catalog' THEN fun.proname::text END)
) AS given (name)
WHERE fun.prokind = 'f' AND given.name IS NOT NULL
    -- when the business zone changes, everything is recomputed
    AND (
        fun.provolatile = 'i' OR (fun.provolatile = 's' AND nsp.nspname = 'pg_catalog')
        OR (nsp.nspname = 'refresh' AND fun.proname = 'time_zone')
    )
    AND NOT (nsp.nspname = 'pg_catalog' AND (
        fun.proname IN (
            'now', 'transaction_timestamp', 'statement_timestamp', 'current_setting', 'age',
            'pg_current_xact_id', 'txid_current', 'current_database', 'current_schema', 'current_schemas', 'version'
        ) OR fun.proname LIKE 'pg\_%%' OR fun.proname LIKE 'has\_%%' OR fun.proname LIKE 'to\_reg%%'
        OR fun.proname LIKE 'inet\_%%' OR fun.proname LIKE 'query\_to%%' OR fun.proname LIKE 'table\_to%%'
        OR fun.proname LIKE 'database\_to%%' OR fun.proname LIKE 'schema\_to%%' OR fun.proname LIKE 'cursor\_to%%'
    ))
    -- one that is safe with some arguments and not with others is not
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_proc AS twin
        WHERE twin.proname = fun.proname AND twin.pronamespace = fun.pronamespace AND twin.provolatile = 'v'
    );

-- name: derive_second_names
-- The names under which stored views answer for another day.
SELECT
    sto.view_name || '_as_of' AS second_name,
    sto.view_name
FROM refresh.stored_views AS sto
WHERE to_regclass(sto.view_name || '_as_of') IS NOT NULL;

-- name: takes_derived
-- True when there is an engine that takes derived mappings.
SELECT to_regprocedure('refresh_internal.take_derived(text,jsonb)') IS NOT NULL;

-- name: take_derived
SELECT refresh_internal.take_derived(%(view)s, %(mappings)s::jsonb);
