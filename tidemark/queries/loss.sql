-- name: see_all_rows
-- For the transaction: a policy must not hide rows from the count; PostgreSQL complains instead.
SET LOCAL row_security = off;

-- name: relation_kind
-- One letter, as pg_class has it; NULL when there is no relation of that name.
SELECT cls.relkind::text
FROM pg_catalog.pg_class AS cls
WHERE cls.oid = to_regclass(%(name)s);

-- name: reached_tables
-- Every table whose rows a statement reaches: the one it names, partitions and inheriting tables, and what foreign keys
-- make of it. way: d deletes, c changes, i inserts, t truncates, x truncates with CASCADE. is_counted: not within another of the list.
-- obstacle: a rule or trigger that may do more.
WITH RECURSIVE edge AS (
    SELECT inh.inhparent AS above, inh.inhrelid AS below, way.letter AS before, way.letter AS after
    FROM pg_catalog.pg_inherits AS inh
    CROSS JOIN unnest('{d,c,i,t,x}'::text []) AS way (letter)
    UNION ALL
    SELECT con.confrelid, con.conrelid, 'd', CASE con.confdeltype WHEN 'c' THEN 'd' ELSE 'c' END
    FROM pg_catalog.pg_constraint AS con
    WHERE con.contype = 'f' AND con.confdeltype IN ('c', 'n', 'd')
    UNION ALL
    SELECT con.confrelid, con.conrelid, 'c', 'c'
    FROM pg_catalog.pg_constraint AS con
    WHERE con.contype = 'f' AND con.confupdtype IN ('c', 'n', 'd')
    UNION ALL
    SELECT con.confrelid, con.conrelid, 'x', 'x'
    FROM pg_catalog.pg_constraint AS con
    WHERE con.contype = 'f'
),

reached AS (
    SELECT to_regclass(%(name)s)::oid AS oid, %(way)s::text AS way
    UNION
    SELECT edge.below, edge.after
    FROM reached
    INNER JOIN edge ON reached.oid = edge.above AND reached.way = edge.before
)

SELECT
    nsp.nspname::text AS schema_name,
    cls.relname::text AS relation_name,
    format('%%I.%%I', nsp.nspname, cls.relname) AS identity,
    reached.way,
    cls.relkind::text AS kind,
    NOT EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS inh
        INNER JOIN reached AS above ON inh.inhparent = above.oid AND above.way = reached.way
        WHERE inh.inhrelid = reached.oid
    ) AS is_counted,
    coalesce(
        (
            SELECT format('rule %%s on %%I.%%I', rul.rulename, nsp.nspname, cls.relname)
            FROM pg_catalog.pg_rewrite AS rul
            WHERE rul.ev_class = reached.oid AND rul.rulename <> '_RETURN' AND rul.ev_enabled <> 'D'
            ORDER BY rul.rulename
            LIMIT 1
        ),
        (
            -- those of the engine only take note
            SELECT format('trigger %%s on %%I.%%I', trg.tgname, nsp.nspname, cls.relname)
            FROM pg_catalog.pg_trigger AS trg
            INNER JOIN pg_catalog.pg_proc AS fun ON trg.tgfoid = fun.oid
            WHERE trg.tgrelid = reached.oid AND NOT trg.tgisinternal AND trg.tgenabled <> 'D'
                AND fun.pronamespace <> ALL(
                    array_remove(ARRAY[to_regnamespace('refresh_data')::oid, to_regnamespace('refresh_internal')::oid], NULL)
                )
            ORDER BY trg.tgname
            LIMIT 1
        )
    ) AS obstacle
FROM reached
INNER JOIN pg_catalog.pg_class AS cls ON reached.oid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
ORDER BY identity, reached.way;

-- name: dropped_objects
-- Tables and columns of tables that go when an object is dropped. address: kind, name and types of arguments.
WITH RECURSIVE gone AS (
    SELECT found.classid, found.objid, found.objsubid
    FROM pg_get_object_address(%(kind)s, %(name)s::text [], %(arguments)s::text []) AS found
    UNION
    SELECT dep.classid, dep.objid, dep.objsubid
    FROM gone
    INNER JOIN pg_catalog.pg_depend AS dep
        ON gone.classid = dep.refclassid AND gone.objid = dep.refobjid
        AND (gone.objsubid = 0 OR gone.objsubid = dep.refobjsubid)
        AND (dep.deptype IN ('a', 'i', 'e', 'P', 'S') OR (%(cascades)s AND dep.deptype IN ('n')))
)

SELECT DISTINCT
    nsp.nspname::text AS schema_name,
    cls.relname::text AS relation_name,
    format('%%I.%%I', nsp.nspname, cls.relname) AS identity,
    att.attname::text AS column_name
FROM gone
INNER JOIN pg_catalog.pg_class AS cls ON gone.classid = 'pg_class'::regclass AND gone.objid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
LEFT JOIN pg_catalog.pg_attribute AS att ON gone.objid = att.attrelid AND gone.objsubid = att.attnum AND gone.objsubid > 0
WHERE cls.relkind IN ('r', 'p')
    AND (gone.objsubid = 0 OR att.attgenerated = '')
    -- a partition is counted with its table
    AND NOT (gone.objsubid = 0 AND EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS inh
        INNER JOIN gone AS above ON above.classid = 'pg_class'::regclass AND inh.inhparent = above.objid AND above.objsubid = 0
        WHERE inh.inhrelid = cls.oid
    ))
    AND NOT (gone.objsubid > 0 AND EXISTS (
        SELECT FROM gone AS whole WHERE whole.classid = gone.classid AND whole.objid = gone.objid AND whole.objsubid = 0
    ))
ORDER BY identity, column_name;

-- name: has_own_function
-- True when a function of that name may be one that is not PostgreSQL's own.
SELECT CASE
    WHEN cardinality(%(words)s::text []) > 1 THEN TRUE
    ELSE EXISTS (
        SELECT FROM pg_catalog.pg_proc AS fun
        WHERE fun.proname = (%(words)s::text [])[1]
            AND fun.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    ) OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_proc AS fun
        WHERE fun.proname = (%(words)s::text [])[1] AND fun.pronamespace = 'pg_catalog'::regnamespace
    )
END;

-- name: column_facts
-- A column of a table. keeps_values: the new type, given without USING, holds every value of the old one.
SELECT
    att.attgenerated <> '' AS is_generated,
    CASE
        WHEN %(new_type)s = '' THEN FALSE
        WHEN old.name = new.name AND att.atttypmod = -1 THEN new.length IS NULL
        WHEN old.name = new.name THEN new.length IS NULL
            OR (old.name = 'varchar' AND att.atttypmod - 4 <= new.length)
        ELSE new.length IS NULL AND (old.name, new.name) IN (
            ('int2', 'int4'), ('int2', 'int8'), ('int4', 'int8'), ('int2', 'numeric'), ('int4', 'numeric'),
            ('int8', 'numeric'), ('varchar', 'text'), ('text', 'varchar'), ('float4', 'float8'), ('json', 'text'),
            ('date', 'timestamp')
        )
    END AS keeps_values
FROM pg_catalog.pg_attribute AS att
CROSS JOIN LATERAL (SELECT typ.typname::text AS name FROM pg_catalog.pg_type AS typ WHERE typ.oid = att.atttypid) AS old
CROSS JOIN LATERAL (
    SELECT
        (SELECT typ.typname::text FROM pg_catalog.pg_type AS typ WHERE typ.oid = to_regtype(nullif(%(new_type)s, ''))) AS name,
        substring(%(new_type)s FROM '\((\d+)')::integer AS length
) AS new
WHERE att.attrelid = to_regclass(%(relation)s) AND att.attname = %(column)s AND att.attnum > 0 AND NOT att.attisdropped;

-- name: count_rows
-- Up to one more than a million.
SELECT count(*) FROM (SELECT FROM {schema}.{relation} LIMIT 1000001) AS found;

-- name: count_values
-- Rows with a value in the column, up to one more than a million.
SELECT count(*) FROM (SELECT FROM {schema}.{relation} AS tab WHERE tab.{column} IS NOT NULL LIMIT 1000001) AS found;

-- name: lock_table
LOCK TABLE {schema}.{relation} IN ACCESS EXCLUSIVE MODE;
