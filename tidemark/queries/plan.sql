-- name: plan_relations
-- Relations by their names ("schema.name"), with their tables, partitions and the other ends of their foreign keys:
-- kind, size and rows as estimated. A relation that somebody locks in full is measured by its page count, so that a
-- plan never waits.
WITH RECURSIVE named AS (
    SELECT cls.oid
    FROM pg_catalog.pg_class AS cls
    INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
    WHERE nsp.nspname || '.' || cls.relname = ANY (%(names)s::text [])
        OR nsp.nspname = ANY (%(schemas)s::text [])
),

family AS (
    SELECT named.oid FROM named
    UNION
    SELECT idx.indrelid FROM named INNER JOIN pg_catalog.pg_index AS idx ON named.oid = idx.indexrelid
),

tree AS (
    SELECT family.oid, family.oid AS root FROM family
    UNION
    SELECT inh.inhrelid, tree.root FROM tree INNER JOIN pg_catalog.pg_inherits AS inh ON tree.oid = inh.inhparent
),

-- TRUNCATE ... CASCADE empties what refers to a table, and what refers to that
referring AS (
    SELECT tree.oid FROM tree
    UNION
    SELECT con.conrelid
    FROM referring INNER JOIN pg_catalog.pg_constraint AS con ON referring.oid = con.confrelid
    WHERE con.contype = 'f'
),

everything AS (
    SELECT referring.oid FROM referring
    UNION
    SELECT unnest(ARRAY[con.conrelid, con.confrelid])
    FROM tree INNER JOIN pg_catalog.pg_constraint AS con ON tree.oid IN (con.conrelid, con.confrelid)
    WHERE con.contype = 'f'
    UNION
    SELECT unnest(ARRAY[inh.inhparent, par.partdefid])
    FROM tree
    INNER JOIN pg_catalog.pg_inherits AS inh ON tree.oid = inh.inhrelid
    LEFT JOIN pg_catalog.pg_partitioned_table AS par ON inh.inhparent = par.partrelid
)

SELECT
    cls.oid::bigint AS oid,
    nsp.nspname || '.' || cls.relname AS name,
    CASE cls.relkind
        WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
        WHEN 'i' THEN 'index' WHEN 'I' THEN 'partitioned index' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
        ELSE 'other'
    END AS kind,
    cls.relpersistence::text AS persistence,
    greatest(cls.reltuples, 0)::bigint AS row_count,
    CASE WHEN cls.relkind IN ('r', 'm', 'i') THEN CASE
        WHEN EXISTS (
            SELECT FROM pg_catalog.pg_locks AS lck
            WHERE lck.relation = cls.oid AND lck.mode = 'AccessExclusiveLock'
                AND lck.database = (SELECT dat.oid FROM pg_catalog.pg_database AS dat WHERE dat.datname = current_database())
        ) THEN cls.relpages::bigint * current_setting('block_size')::bigint
        ELSE coalesce(pg_total_relation_size(cls.oid), 0)
    END ELSE 0 END AS size_bytes,
    (
        SELECT own.relnamespace::regnamespace::text || '.' || own.relname
        FROM pg_catalog.pg_index AS idx INNER JOIN pg_catalog.pg_class AS own ON idx.indrelid = own.oid
        WHERE idx.indexrelid = cls.oid
    ) AS table_name,
    (
        SELECT own.relnamespace::regnamespace::text || '.' || own.relname
        FROM pg_catalog.pg_inherits AS inh INNER JOIN pg_catalog.pg_class AS own ON inh.inhparent = own.oid
        WHERE inh.inhrelid = cls.oid AND cls.relispartition
    ) AS parent_name,
    (
        SELECT own.relnamespace::regnamespace::text || '.' || own.relname
        FROM pg_catalog.pg_partitioned_table AS par INNER JOIN pg_catalog.pg_class AS own ON par.partdefid = own.oid
        WHERE par.partrelid = cls.oid
    ) AS default_partition,
    ARRAY(
        SELECT own.relnamespace::regnamespace::text || '.' || own.relname
        FROM tree INNER JOIN pg_catalog.pg_class AS own ON tree.oid = own.oid
        WHERE tree.root = cls.oid AND tree.oid <> cls.oid ORDER BY 1
    ) AS parts,
    ARRAY(
        SELECT own.relnamespace::regnamespace::text || '.' || own.relname
        FROM pg_catalog.pg_index AS idx INNER JOIN pg_catalog.pg_class AS own ON idx.indexrelid = own.oid
        WHERE idx.indrelid = cls.oid ORDER BY 1
    ) AS indexes,
    coalesce((
        SELECT jsonb_object_agg(con.conname, own.relnamespace::regnamespace::text || '.' || own.relname)
        FROM pg_catalog.pg_constraint AS con INNER JOIN pg_catalog.pg_class AS own ON con.confrelid = own.oid
        WHERE con.conrelid = cls.oid AND con.contype = 'f' AND con.confrelid <> cls.oid
    ), '{}') AS tied_by
FROM everything
INNER JOIN pg_catalog.pg_class AS cls ON everything.oid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid;

-- name: plan_columns
-- Columns of relations. never_null: a valid CHECK says so in the plainest form.
SELECT
    att.attrelid::bigint AS oid,
    att.attname::text AS name,
    format_type(att.atttypid, NULL) AS type,
    substring(format_type(att.atttypid, att.atttypmod) FROM '\(([0-9,]+)\)') AS modifiers,
    att.attnotnull AS is_required,
    EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS con
        WHERE con.conrelid = att.attrelid AND con.contype = 'c' AND con.convalidated
            AND pg_get_expr(con.conbin, con.conrelid) = format('(%%I IS NOT NULL)', att.attname)
    ) AS never_null,
    EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS con
        WHERE con.conrelid = att.attrelid AND con.contype = 'c' AND con.convalidated AND att.attnum = ANY (con.conkey)
    ) AS is_checked,
    EXISTS (
        SELECT FROM pg_catalog.pg_index AS idx
        WHERE idx.indrelid = att.attrelid AND att.attnum = ANY (idx.indkey)
    ) AS is_indexed,
    att.attgenerated <> '' AS is_generated
FROM pg_catalog.pg_attribute AS att
WHERE att.attrelid = ANY (%(oids)s::oid []) AND att.attnum > 0 AND NOT att.attisdropped
ORDER BY att.attrelid, att.attnum;

-- name: plan_views
-- Names of the columns of views, in order.
SELECT given.name AS identity, array_agg(att.attname::text ORDER BY att.attnum) AS column_names
FROM unnest(%(names)s::text []) AS given (name)
INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = to_regclass(given.name)
WHERE att.attnum > 0 AND NOT att.attisdropped
GROUP BY given.name;

-- name: plan_routines
-- Result and names of the input arguments of routines, by their identity.
SELECT
    given.name AS identity,
    CASE WHEN NOT pro.proretset THEN format_type(pro.prorettype, NULL) END AS result_type,
    (pro.proargnames)[1:pro.pronargs] AS argument_names
FROM unnest(%(names)s::text []) AS given (name)
INNER JOIN pg_catalog.pg_proc AS pro ON pro.oid = to_regprocedure(given.name)
WHERE pro.proargmodes IS NULL;

-- name: plan_types
-- Types as a file writes them, in PostgreSQL's own words; and for a domain its base and whether it checks anything.
SELECT
    given.written,
    format_type(typ.oid, NULL) AS type,
    CASE WHEN typ.typtype = 'd' THEN format_type(typ.typbasetype, NULL) END AS base_type,
    typ.typtype = 'd' AND (typ.typnotnull OR EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS con WHERE con.contypid = typ.oid
    )) AS is_checked,
    (SELECT array_agg(enu.enumlabel::text) FROM pg_catalog.pg_enum AS enu WHERE enu.enumtypid = typ.oid) AS "values"
FROM unnest(%(types)s::text []) AS given (written)
INNER JOIN pg_catalog.pg_type AS typ ON typ.oid = to_regtype(given.written);

-- name: plan_tables_of_types
-- Tables and materialized views that store values of types, in domains over them too, and typed tables. column_name:
-- a column that holds them inside an array, a row or a range; NULL where the column itself is of the type.
WITH RECURSIVE based AS (
    SELECT given.written, to_regtype(given.written)::oid AS oid, FALSE AS is_inside
    FROM unnest(%(types)s::text []) AS given (written)
    UNION
    SELECT based.written, over.oid, based.is_inside OR over.is_inside
    FROM based
    INNER JOIN LATERAL (
        SELECT typ.oid, FALSE AS is_inside FROM pg_catalog.pg_type AS typ WHERE typ.typbasetype = based.oid
        UNION ALL
        SELECT typ.oid, TRUE FROM pg_catalog.pg_type AS typ WHERE typ.typelem = based.oid AND typ.typcategory = 'A'
        UNION ALL
        SELECT rng.rngtypid, TRUE FROM pg_catalog.pg_range AS rng WHERE rng.rngsubtype = based.oid
        UNION ALL
        SELECT typ.oid, TRUE
        FROM pg_catalog.pg_attribute AS att
        INNER JOIN pg_catalog.pg_class AS cls ON att.attrelid = cls.oid
        INNER JOIN pg_catalog.pg_type AS typ ON cls.reltype = typ.oid
        WHERE att.atttypid = based.oid AND att.attnum > 0 AND NOT att.attisdropped
    ) AS over ON TRUE
)

SELECT DISTINCT
    based.written,
    nsp.nspname || '.' || cls.relname AS name,
    CASE WHEN based.is_inside THEN format('%%I.%%I.%%I', nsp.nspname, cls.relname, att.attname) END AS column_name
FROM based
INNER JOIN pg_catalog.pg_class AS cls ON cls.relkind IN ('r', 'm', 'p')
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
LEFT JOIN pg_catalog.pg_attribute AS att
    ON cls.oid = att.attrelid AND att.atttypid = based.oid AND att.attnum > 0 AND NOT att.attisdropped
WHERE (cls.relkind <> 'p' AND att.attrelid IS NOT NULL) OR (cls.reloftype = based.oid AND NOT based.is_inside)
ORDER BY 1, 2, 3;

-- name: plan_published
-- Tables that publications name.
SELECT pub.pubname::text AS name, nsp.nspname || '.' || cls.relname AS table_name
FROM pg_catalog.pg_publication_rel AS rel
INNER JOIN pg_catalog.pg_publication AS pub ON rel.prpubid = pub.oid
INNER JOIN pg_catalog.pg_class AS cls ON rel.prrelid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE pub.pubname = ANY (%(names)s::text [])
ORDER BY 1, 2;

-- name: plan_statistics
-- Tables of statistics objects.
SELECT nsp.nspname || '.' || sta.stxname AS name, own.nspname || '.' || cls.relname AS table_name
FROM pg_catalog.pg_statistic_ext AS sta
INNER JOIN pg_catalog.pg_namespace AS nsp ON sta.stxnamespace = nsp.oid
INNER JOIN pg_catalog.pg_class AS cls ON sta.stxrelid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS own ON cls.relnamespace = own.oid
WHERE nsp.nspname || '.' || sta.stxname = ANY (%(names)s::text []);

-- name: plan_binary_casts
-- Casts that leave the bytes as they are.
SELECT format_type(cst.castsource, NULL) AS old_type, format_type(cst.casttarget, NULL) AS new_type
FROM pg_catalog.pg_cast AS cst
WHERE cst.castmethod = 'b';

-- name: plan_volatile_functions
-- Which of these functions may give another value for each row.
SELECT DISTINCT pro.proname::text AS name
FROM pg_catalog.pg_proc AS pro
WHERE pro.proname = ANY (%(names)s::text []) AND pro.provolatile = 'v';

-- name: plan_users
-- What stands directly on relations, as far as the catalogue knows: views, functions in standard SQL, policies,
-- triggers, foreign keys of other tables. column_name: NULL when it stands on the whole.
SELECT DISTINCT
    dep.refobjid::bigint AS used_oid,
    att.attname::text AS column_name,
    CASE
        WHEN rul.ev_class IS NOT NULL THEN 'view'
        WHEN dep.classid = 'pg_catalog.pg_proc'::regclass THEN 'function'
        WHEN dep.classid = 'pg_catalog.pg_policy'::regclass THEN 'policy'
        WHEN dep.classid = 'pg_catalog.pg_trigger'::regclass THEN 'trigger'
        ELSE 'foreign key'
    END AS kind,
    coalesce(rul.ev_class, dep.objid)::bigint AS oid,
    CASE
        WHEN rul.ev_class IS NOT NULL THEN (pg_identify_object('pg_catalog.pg_class'::regclass, rul.ev_class, 0)).identity
        ELSE (pg_identify_object(dep.classid, dep.objid, 0)).identity
    END AS identity
FROM pg_catalog.pg_depend AS dep
LEFT JOIN pg_catalog.pg_rewrite AS rul
    ON dep.classid = 'pg_catalog.pg_rewrite'::regclass AND dep.objid = rul.oid AND rul.ev_class <> dep.refobjid
LEFT JOIN pg_catalog.pg_attribute AS att
    ON dep.refobjid = att.attrelid AND dep.refobjsubid = att.attnum AND dep.refobjsubid > 0
WHERE dep.refclassid = 'pg_catalog.pg_class'::regclass AND dep.refobjid = ANY (%(oids)s::oid [])
    AND (
        rul.oid IS NOT NULL
        OR dep.classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_policy'::regclass)
        OR EXISTS (
            SELECT FROM pg_catalog.pg_trigger AS trg
            WHERE dep.classid = 'pg_catalog.pg_trigger'::regclass AND trg.oid = dep.objid AND NOT trg.tgisinternal
        )
        OR EXISTS (
            SELECT FROM pg_catalog.pg_constraint AS con
            WHERE dep.classid = 'pg_catalog.pg_constraint'::regclass AND con.oid = dep.objid
                AND con.contype = 'f' AND con.confrelid = dep.refobjid AND con.conrelid <> con.confrelid
        )
    );

-- name: plan_stored_views
-- Stored views with the relations behind them: the catalogue does not tie a stored view to its live twin.
SELECT
    sv.view_name,
    to_regclass(sv.view_name)::oid::bigint AS oid,
    to_regclass(sv.live_name)::oid::bigint AS live_oid
FROM refresh.stored_views AS sv
WHERE to_regclass(sv.live_name) IS NOT NULL;

-- name: plan_captured_columns
-- Columns of source tables that the capture of changes reads, with the stored view that needs them.
SELECT DISTINCT
    vs.source_name,
    used.column_name,
    sv.view_name
FROM refresh.view_sources AS vs
INNER JOIN refresh.stored_views AS sv ON vs.view_id = sv.view_id
CROSS JOIN LATERAL unnest(coalesce(vs.map_columns, '{}') || coalesce(vs.queue_columns, '{}')) AS used (column_name)
WHERE vs.source_view_id IS NULL;

-- name: has_refresh_engine
SELECT to_regclass('refresh.view_sources') IS NOT NULL;

-- name: plan_sessions
-- Sessions that hold a lock on these relations now, longest transaction first.
SELECT
    lck.relation::bigint AS oid,
    lck.pid,
    act.usename AS role_name,
    act.application_name,
    replace(lck.mode, 'Lock', '') AS mode,
    round(extract(EPOCH FROM clock_timestamp() - coalesce(act.xact_start, act.backend_start)))::integer AS age_seconds,
    act.query
FROM pg_catalog.pg_locks AS lck
INNER JOIN pg_catalog.pg_stat_activity AS act ON lck.pid = act.pid
WHERE lck.relation = ANY (%(oids)s::oid []) AND lck.granted AND lck.pid <> pg_backend_pid()
    AND lck.database = (SELECT dat.oid FROM pg_catalog.pg_database AS dat WHERE dat.datname = current_database())
ORDER BY act.xact_start, lck.pid;

-- name: plan_by_time
-- Stored views that time makes recompute everything, because it may bring rows that no stored moment tells of.
SELECT
    sto.view_name,
    sto.live_name,
    sto.clock_use,
    sto.clock_gap
FROM refresh.stored_views AS sto
WHERE sto.clock_gap IS NOT NULL
ORDER BY sto.view_name;

-- name: plan_unsteady
-- What of these stored views, by their names or those of their live views, may not be the same twice.
SELECT
    sto.view_name,
    uns.part,
    uns.place,
    uns.remedy
FROM refresh.stored_views AS sto
CROSS JOIN LATERAL refresh_internal.unsteady_parts(to_regclass(sto.live_name)) AS uns
WHERE sto.view_name = ANY(%(names)s::text []) OR sto.live_name = ANY(%(names)s::text [])
ORDER BY sto.view_name, uns.place, uns.part;

-- name: plan_every_key
-- Sources of stored views whose every change concerns every key, because no narrower mapping could be derived.
SELECT
    sto.view_name,
    sto.live_name,
    src.source_name,
    src.map_reason
FROM refresh.view_sources AS src
INNER JOIN refresh.stored_views AS sto ON src.view_id = sto.view_id
WHERE src.mapping_kind = 'all' AND src.is_derived
ORDER BY sto.view_name, src.source_name;
