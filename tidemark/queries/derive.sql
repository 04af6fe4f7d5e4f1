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

-- name: derive_with_due
-- Stored views whose rows change at moments they name themselves, for which nothing else is declared.
SELECT
    sto.view_name,
    sto.live_name,
    sto.key_columns,
    array(
        SELECT src.source_name FROM refresh.view_sources AS src WHERE src.view_id = sto.view_id ORDER BY src.source_name
    ) AS sources
FROM refresh.stored_views AS sto
WHERE sto.due_column IS NOT NULL AND sto.appears IS NULL AND sto.clock_use IN ('day', 'instant')
ORDER BY sto.view_name;

-- name: derive_timeless
-- Functions and operators by name: those that are the same at any time, those that return rows, and those that are not
-- the same and that views call themselves. Below the live view, what a function calls decides; what has a body that
-- nobody can look into may look at the clock.
WITH RECURSIVE reached AS MATERIALIZED (
    SELECT
        obj.object_kind,
        obj.object_id,
        obj.used_by
    FROM refresh_internal.objects_of(to_regclass(%(live)s)) AS obj
),

clocked AS (
    SELECT fun.oid AS id
    FROM pg_catalog.pg_proc AS fun
    WHERE
        fun.oid IN (SELECT reached.object_id FROM reached WHERE reached.object_kind = 'function')
        AND (
            fun.oid = to_regprocedure('refresh.now()')
            OR (fun.prosqlbody IS NULL AND fun.provolatile <> 'i' AND fun.prokind <> 'a')
        )
    UNION
    SELECT reached.used_by
    FROM clocked
    INNER JOIN reached ON clocked.id = reached.object_id
    WHERE reached.used_by IS NOT NULL
),

called AS (
    SELECT
        fun.oid AS id,
        nsp.nspname || '.' || fun.proname AS name,
        fun.oid IN (SELECT clocked.id FROM clocked) AS is_clocked,
        fun.proretset AS is_set
    FROM pg_catalog.pg_proc AS fun
    INNER JOIN pg_catalog.pg_namespace AS nsp ON fun.pronamespace = nsp.oid
    WHERE fun.oid IN (SELECT reached.object_id FROM reached WHERE reached.object_kind = 'function')
),

own AS (
    SELECT
        called.name,
        called.is_clocked,
        called.is_set,
        called.is_clocked AND EXISTS (
            SELECT FROM reached AS user_of
            INNER JOIN reached AS view ON user_of.used_by = view.object_id AND view.object_kind = 'view'
            WHERE user_of.object_id = called.id
        ) AS is_looked_for
    FROM called
    UNION ALL
    SELECT
        nsp.nspname || '.' || opr.oprname,
        called.is_clocked,
        FALSE,
        FALSE
    FROM pg_catalog.pg_operator AS opr
    INNER JOIN called ON opr.oprcode = called.id
    INNER JOIN pg_catalog.pg_namespace AS nsp ON opr.oprnamespace = nsp.oid
)

SELECT
    own.name,
    NOT bool_or(own.is_clocked) AS is_timeless,
    bool_or(own.is_set) AS is_set,
    bool_or(own.is_looked_for) AS is_looked_for
FROM own
GROUP BY own.name
UNION ALL
SELECT
    given.name,
    bool_and(fun.prokind IN ('a', 'w') OR given.name = ANY (%(safe)s)),
    bool_or(fun.proretset),
    FALSE
FROM pg_catalog.pg_proc AS fun
CROSS JOIN LATERAL (VALUES (fun.proname::text), ('pg_catalog.' || fun.proname)) AS given (name)
WHERE fun.pronamespace = 'pg_catalog'::regnamespace
GROUP BY given.name;

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

-- name: takes_clock_gaps
-- True when there is an engine that asks whether the clock decides which rows there are.
SELECT to_regprocedure('refresh_internal.take_clock_gap(text,text)') IS NOT NULL;

-- name: tells_unsteady
-- True when there is an engine that tells what depends on the order in which rows are read.
SELECT to_regprocedure('refresh_internal.unsteady_parts(regclass)') IS NOT NULL;

-- name: take_derived
SELECT refresh_internal.take_derived(%(view)s, %(mappings)s::jsonb);

-- name: take_clock_gap
SELECT refresh_internal.take_clock_gap(%(view)s, %(gap)s);
