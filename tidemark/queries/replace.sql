-- name: file_objects
-- What each file holds; classid and objid are NULL for an object that is gone.
SELECT
    obj.path,
    obj.kind,
    obj.identity,
    found.classid,
    found.objid
FROM deploy.file_object AS obj
LEFT JOIN LATERAL (
    SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, to_regclass(obj.identity)::oid AS objid
    WHERE obj.kind NOT IN ('routine', 'trigger')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass::oid, to_regprocedure(obj.identity)::oid
    WHERE obj.kind = 'routine'
    UNION ALL
    SELECT 'pg_catalog.pg_trigger'::regclass::oid, trg.oid
    FROM pg_catalog.pg_trigger AS trg
    WHERE obj.kind = 'trigger' AND trg.tgname = obj.object_name AND trg.tgrelid = to_regclass(obj.table_name)
) AS found ON found.objid IS NOT NULL
ORDER BY obj.path, obj.kind, obj.identity;

-- name: find_view
SELECT (pg_identify_object('pg_catalog.pg_class'::regclass, to_regclass(%(name)s), 0)).identity AS identity
WHERE to_regclass(%(name)s) IS NOT NULL;

-- name: find_routine
SELECT (pg_identify_object('pg_catalog.pg_proc'::regclass, to_regprocedure(%(name)s), 0)).identity AS identity
WHERE to_regprocedure(%(name)s) IS NOT NULL;

-- name: find_trigger
SELECT (pg_identify_object('pg_catalog.pg_trigger'::regclass, trg.oid, 0)).identity AS identity
FROM pg_catalog.pg_trigger AS trg
WHERE trg.tgname = %(name)s AND trg.tgrelid = to_regclass(%(table)s);

-- name: drop_stored
-- Takes a stored view out of the engine, its storage and its public view included.
SELECT refresh.drop_view(%(view)s);

-- name: dependents
-- The given objects and everything that depends on them, one row for each edge (ref_… NULL: given).
-- A rule stands for its view. is_automatic: goes with another object of the list, without a statement of its own.
-- is_generated: made by the refresh engine for a stored view, which makes it again.
WITH RECURSIVE node (classid, objid) AS (
    SELECT given.classid, given.objid
    FROM unnest(%(classids)s::oid [], %(objids)s::oid []) AS given (classid, objid)
    UNION
    SELECT edge.classid, edge.objid
    FROM node
    INNER JOIN LATERAL (
        SELECT
            CASE WHEN rul.oid IS NULL THEN dep.classid ELSE 'pg_catalog.pg_class'::regclass::oid END AS classid,
            coalesce(rul.ev_class, dep.objid) AS objid
        FROM pg_catalog.pg_depend AS dep
        LEFT JOIN pg_catalog.pg_rewrite AS rul
            ON dep.classid = 'pg_catalog.pg_rewrite'::regclass AND dep.objid = rul.oid
        WHERE dep.refclassid = node.classid AND dep.refobjid = node.objid AND dep.deptype IN ('n', 'a', 'i')
    ) AS edge ON TRUE
),

edge AS (
    SELECT DISTINCT
        CASE WHEN rul.oid IS NULL THEN dep.classid ELSE 'pg_catalog.pg_class'::regclass::oid END AS classid,
        coalesce(rul.ev_class, dep.objid) AS objid,
        dep.refclassid AS ref_classid,
        dep.refobjid AS ref_objid,
        rul.oid IS NULL AND dep.deptype IN ('a', 'i') AS is_automatic
    FROM node
    INNER JOIN pg_catalog.pg_depend AS dep ON node.classid = dep.refclassid AND node.objid = dep.refobjid
    LEFT JOIN pg_catalog.pg_rewrite AS rul
        ON dep.classid = 'pg_catalog.pg_rewrite'::regclass AND dep.objid = rul.oid
    WHERE dep.deptype IN ('n', 'a', 'i')
)

SELECT
    node.classid,
    node.objid,
    edge.ref_classid,
    edge.ref_objid,
    -- a trigger of a partitioned table goes from its partitions too
    coalesce(bool_or(edge.is_automatic) OVER (PARTITION BY node.classid, node.objid), FALSE)
    OR coalesce(trg.tgparentid <> 0, FALSE) AS is_automatic,
    pg_describe_object(node.classid, node.objid, 0) AS description,
    coalesce((pg_identify_object(node.classid, node.objid, 0)).schema = 'refresh_data', FALSE) AS is_generated,
    -- a function of an internal schema is hung on tables by functions only
    coalesce(CAST(CAST(fun.pronamespace AS regnamespace) AS text) LIKE '%%_internal', FALSE) AS is_hung,
    CASE
        WHEN node.classid = 'pg_catalog.pg_proc'::regclass
            THEN format('DROP ROUTINE %%s', (pg_identify_object(node.classid, node.objid, 0)).identity)
        WHEN cls.relkind = 'v'
            THEN format('DROP VIEW %%s', (pg_identify_object(node.classid, node.objid, 0)).identity)
        WHEN trg.oid IS NOT NULL
            THEN format('DROP TRIGGER %%I ON %%s', trg.tgname,
                (pg_identify_object('pg_catalog.pg_class'::regclass, trg.tgrelid, 0)).identity)
    END AS drop_sql
FROM node
LEFT JOIN edge
    ON node.classid = edge.classid AND node.objid = edge.objid
    AND (edge.ref_classid, edge.ref_objid) IS DISTINCT FROM (node.classid, node.objid)
LEFT JOIN pg_catalog.pg_class AS cls ON node.classid = 'pg_catalog.pg_class'::regclass AND node.objid = cls.oid
LEFT JOIN pg_catalog.pg_trigger AS trg ON node.classid = 'pg_catalog.pg_trigger'::regclass AND node.objid = trg.oid
LEFT JOIN pg_catalog.pg_proc AS fun ON trg.tgfoid = fun.oid;

-- name: rights_on
-- Statements that give a view or routine its owner and its rights again, once it has been dropped and made anew.
WITH thing AS (
    SELECT 'VIEW' AS word, 'TABLE' AS grant_word, cls.relowner AS owner_id, cls.relacl AS acl, given.identity
    FROM unnest(%(views)s::text []) AS given (identity)
    INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = to_regclass(given.identity)
    UNION ALL
    SELECT 'ROUTINE', 'ROUTINE', pro.proowner, pro.proacl, given.identity
    FROM unnest(%(routines)s::text []) AS given (identity)
    INNER JOIN pg_catalog.pg_proc AS pro ON pro.oid = to_regprocedure(given.identity)
)

SELECT thing.identity, 1 AS step, format('ALTER %%s %%s OWNER TO %%I', thing.word, thing.identity, own.rolname) AS statement
FROM thing
INNER JOIN pg_catalog.pg_roles AS own ON thing.owner_id = own.oid
WHERE own.rolname <> current_user
UNION ALL
SELECT thing.identity, 2, format('REVOKE ALL ON ROUTINE %%s FROM PUBLIC', thing.identity)
FROM thing
WHERE thing.word = 'ROUTINE' AND thing.acl IS NOT NULL
    AND NOT EXISTS (SELECT FROM aclexplode(thing.acl) AS item WHERE item.grantee = 0)
UNION ALL
SELECT thing.identity, 3, format('GRANT %%s ON %%s %%s TO %%s%%s', item.privilege_type, thing.grant_word, thing.identity,
    CASE WHEN item.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(rol.rolname) END,
    CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM thing
CROSS JOIN LATERAL aclexplode(thing.acl) AS item
LEFT JOIN pg_catalog.pg_roles AS rol ON item.grantee = rol.oid
WHERE item.grantee <> thing.owner_id AND (item.grantee = 0 OR rol.oid IS NOT NULL)
ORDER BY identity, step;

-- name: existing
-- Which of the given views and routines exist.
SELECT given.identity
FROM unnest(%(views)s::text []) AS given (identity) WHERE to_regclass(given.identity) IS NOT NULL
UNION ALL
SELECT given.identity
FROM unnest(%(routines)s::text []) AS given (identity) WHERE to_regprocedure(given.identity) IS NOT NULL;

-- name: address_of_schema
SELECT 'pg_catalog.pg_namespace'::regclass::oid AS classid, to_regnamespace(%(name)s)::oid AS objid
WHERE to_regnamespace(%(name)s) IS NOT NULL;

-- name: address_of_object
-- Catalogue address of a relation, routine or type by its name as a migration writes it.
SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, to_regclass(%(name)s)::oid AS objid
WHERE to_regclass(%(name)s) IS NOT NULL
UNION ALL
SELECT 'pg_catalog.pg_proc'::regclass::oid, to_regproc(%(name)s)::oid
WHERE to_regproc(%(name)s) IS NOT NULL
UNION ALL
-- what uses a composite type stands on the type, what uses the rows of a table stands on the table
SELECT 'pg_catalog.pg_type'::regclass::oid, typ.oid
FROM pg_catalog.pg_type AS typ
LEFT JOIN pg_catalog.pg_class AS rel ON typ.typrelid = rel.oid
WHERE typ.oid = to_regtype(%(name)s) AND coalesce(rel.relkind, 'c') = 'c';

-- name: missing_privileges
-- Rights that the login lacks on the object of a "permission denied": which of them the statement needed is not told.
WITH found AS (
    SELECT 'SCHEMA' AS grant_word, quote_ident(nsp.nspname) AS object_name, wanted.privilege
    FROM pg_catalog.pg_namespace AS nsp
    CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS wanted (privilege)
    WHERE %(kind)s = 'schema' AND nsp.nspname = %(name)s
        AND NOT has_schema_privilege(nsp.oid, wanted.privilege)
    UNION ALL
    SELECT 'DATABASE', quote_ident(dat.datname), wanted.privilege
    FROM pg_catalog.pg_database AS dat
    CROSS JOIN unnest(ARRAY['CREATE', 'CONNECT', 'TEMPORARY']) AS wanted (privilege)
    WHERE %(kind)s = 'database' AND dat.datname = %(name)s
        AND NOT has_database_privilege(dat.oid, wanted.privilege)
    UNION ALL
    SELECT 'TABLE', (pg_identify_object('pg_catalog.pg_class'::regclass, cls.oid, 0)).identity, wanted.privilege
    FROM pg_catalog.pg_class AS cls
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS wanted (privilege)
    WHERE %(kind)s IN ('table', 'view', 'materialized view', 'foreign table') AND cls.relname = %(name)s
        AND cls.relkind IN ('r', 'p', 'v', 'm', 'f') AND cls.relnamespace <> 'pg_catalog'::regnamespace
        AND NOT has_table_privilege(cls.oid, wanted.privilege)
    UNION ALL
    SELECT 'SEQUENCE', (pg_identify_object('pg_catalog.pg_class'::regclass, cls.oid, 0)).identity, wanted.privilege
    FROM pg_catalog.pg_class AS cls
    CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS wanted (privilege)
    WHERE %(kind)s = 'sequence' AND cls.relname = %(name)s AND cls.relkind = 'S'
        AND NOT has_sequence_privilege(cls.oid, wanted.privilege)
    UNION ALL
    SELECT 'ROUTINE', (pg_identify_object('pg_catalog.pg_proc'::regclass, pro.oid, 0)).identity, 'EXECUTE'
    FROM pg_catalog.pg_proc AS pro
    WHERE %(kind)s IN ('function', 'procedure', 'aggregate') AND pro.proname = %(name)s
        AND NOT has_function_privilege(pro.oid, 'EXECUTE')
)

SELECT found.grant_word, found.object_name, found.privilege
FROM found
-- the same name in two schemas: the message does not say which, so only one of them is shown
WHERE found.object_name = (SELECT min(fnd.object_name) FROM found AS fnd);

-- name: owners_of
-- Owners of whatever bears a name.
SELECT DISTINCT rol.rolname::text AS owner
FROM (
    SELECT cls.relowner AS owner_id FROM pg_catalog.pg_class AS cls WHERE cls.relname = %(name)s
    UNION ALL
    SELECT pro.proowner FROM pg_catalog.pg_proc AS pro WHERE pro.proname = %(name)s
    UNION ALL
    SELECT nsp.nspowner FROM pg_catalog.pg_namespace AS nsp WHERE nsp.nspname = %(name)s
) AS thing
INNER JOIN pg_catalog.pg_roles AS rol ON thing.owner_id = rol.oid
ORDER BY owner;

-- name: file_dependencies
-- Which file's object uses which other file's object, as far as the catalogue knows.
WITH held AS (
    SELECT obj.path, 'pg_catalog.pg_class'::regclass::oid AS classid, to_regclass(obj.identity)::oid AS objid
    FROM deploy.file_object AS obj WHERE obj.kind NOT IN ('routine', 'trigger')
    UNION ALL
    SELECT obj.path, 'pg_catalog.pg_proc'::regclass::oid, to_regprocedure(obj.identity)::oid
    FROM deploy.file_object AS obj WHERE obj.kind = 'routine'
)

SELECT DISTINCT usr.path, used.path AS used_path
FROM held AS usr
INNER JOIN LATERAL (
    SELECT usr.classid, usr.objid
    UNION ALL
    SELECT 'pg_catalog.pg_rewrite'::regclass::oid, rul.oid
    FROM pg_catalog.pg_rewrite AS rul
    WHERE usr.classid = 'pg_catalog.pg_class'::regclass AND rul.ev_class = usr.objid
) AS part ON TRUE
INNER JOIN pg_catalog.pg_depend AS dep ON part.classid = dep.classid AND part.objid = dep.objid
INNER JOIN held AS used ON dep.refclassid = used.classid AND dep.refobjid = used.objid
WHERE usr.path <> used.path;
