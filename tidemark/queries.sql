-- Every statement that the runner sends, by name. Text after "name:" up to the next name is one statement
-- or several; parameters are written %(so)s, and a percent sign of a statement with parameters is doubled.

-- name: create_bookkeeping
-- The runner's own tables, made before the first migration. Nothing happens where they exist.
CREATE SCHEMA IF NOT EXISTS deploy;

COMMENT ON SCHEMA deploy IS
'Bookkeeping of the runner: applied migrations and files. Written by tidemark only.';

CREATE TABLE IF NOT EXISTS deploy.migration_fingerprint (
    migration_id text PRIMARY KEY,
    fingerprint text NOT NULL,
    algorithm smallint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE deploy.migration_fingerprint IS
'Content of each applied migration: a file edited afterwards is found by it. algorithm: version of the normalisation.';

CREATE TABLE IF NOT EXISTS deploy.migration_statement (
    path text NOT NULL,
    statement_no integer NOT NULL,
    fingerprint text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (path, statement_no)
);

COMMENT ON TABLE deploy.migration_statement IS
'Progress of a migration that runs outside a transaction, so that an interrupted one goes on where it stopped.';

CREATE TABLE IF NOT EXISTS deploy.applied_file (
    path text PRIMARY KEY,
    name text NOT NULL,
    fingerprint text NOT NULL,
    algorithm smallint NOT NULL,
    requires text[] NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE deploy.applied_file IS
'Functions and views as last applied, one row a file.';

CREATE TABLE IF NOT EXISTS deploy.file_object (
    path text NOT NULL REFERENCES deploy.applied_file ON DELETE CASCADE,
    kind text NOT NULL,
    identity text NOT NULL,
    object_name text NOT NULL,
    table_name text,
    PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.file_object IS
'Database objects that a file holds, as pg_identify_object names them. object_name and table_name: of a trigger and its table.';

-- name: has_bookkeeping
-- True once the runner's tables exist, all of them.
SELECT to_regclass('deploy.migration_fingerprint') IS NOT NULL
    AND to_regclass('deploy.migration_statement') IS NOT NULL
    AND to_regclass('deploy.applied_file') IS NOT NULL
    AND to_regclass('deploy.file_object') IS NOT NULL
    AND to_regclass('deploy._yoyo_migration') IS NOT NULL;

-- name: bookkeeping_tables
-- Tables of schema deploy, for yoyo, which asks for its own.
SELECT cls.relname::text AS table_name
FROM pg_catalog.pg_class AS cls
WHERE cls.relnamespace = to_regnamespace('deploy') AND cls.relkind = 'r';

-- name: applied_migrations
-- Applied migrations in the order of their application, with the recorded content.
SELECT
    applied.migration_id,
    content.fingerprint,
    content.algorithm,
    applied.applied_at_utc AT TIME ZONE 'UTC' AS applied_at
FROM deploy._yoyo_migration AS applied
LEFT JOIN deploy.migration_fingerprint AS content USING (migration_id)
ORDER BY applied.applied_at_utc, applied.migration_id;

-- name: record_fingerprint
INSERT INTO deploy.migration_fingerprint (migration_id, fingerprint, algorithm)
VALUES (%(migration_id)s, %(fingerprint)s, %(algorithm)s)
ON CONFLICT (migration_id) DO UPDATE
SET fingerprint = excluded.fingerprint, algorithm = excluded.algorithm, recorded_at = now();

-- name: forget_fingerprint
DELETE FROM deploy.migration_fingerprint WHERE migration_id = %(migration_id)s;

-- name: statement_progress
-- How far a migration outside a transaction came.
SELECT statement_no, fingerprint, finished_at IS NOT NULL AS is_finished
FROM deploy.migration_statement
WHERE path = %(path)s
ORDER BY statement_no;

-- name: statement_started
INSERT INTO deploy.migration_statement (path, statement_no, fingerprint)
VALUES (%(path)s, %(statement_no)s, %(fingerprint)s)
ON CONFLICT (path, statement_no) DO UPDATE
SET fingerprint = excluded.fingerprint, started_at = clock_timestamp(), finished_at = NULL;

-- name: statement_finished
UPDATE deploy.migration_statement SET finished_at = clock_timestamp()
WHERE path = %(path)s AND statement_no = %(statement_no)s;

-- name: forget_progress
DELETE FROM deploy.migration_statement WHERE path = %(path)s;

-- name: invalid_index
-- The statement that removes an index which an interrupted CREATE INDEX CONCURRENTLY left behind; none if it is sound.
SELECT format('DROP INDEX CONCURRENTLY %%I.%%I', nsp.nspname, cls.relname) AS drop_sql
FROM pg_catalog.pg_class AS cls
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
INNER JOIN pg_catalog.pg_index AS idx ON cls.oid = idx.indexrelid
WHERE cls.relname = %(index)s AND NOT idx.indisvalid
    AND idx.indrelid = to_regclass(%(table)s);

-- name: has_index
-- True if the table has a valid index of this name.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index AS idx
    INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
    WHERE cls.relname = %(index)s AND idx.indisvalid AND idx.indrelid = to_regclass(%(table)s)
);

-- name: transaction_id
-- Tells one transaction from the next.
SELECT pg_current_xact_id()::text;

-- name: set_lock_timeout
-- For the session; a file may set its own with SET LOCAL.
SELECT set_config('lock_timeout', %(milliseconds)s, FALSE);

-- name: try_runner_lock
-- One runner a database. The lock is held by the session, so it ends with the process; the number spells "tidemark".
SELECT pg_try_advisory_lock(x'746964656d61726b'::bigint);

-- name: release_runner_lock
SELECT pg_advisory_unlock(x'746964656d61726b'::bigint);

-- name: runner_lock_holder
-- Who holds the runner's lock in this database.
SELECT
    act.pid,
    act.usename AS role_name,
    act.application_name,
    act.query,
    round(extract(EPOCH FROM clock_timestamp() - act.backend_start))::integer AS age_seconds
FROM pg_catalog.pg_locks AS lck
INNER JOIN pg_catalog.pg_stat_activity AS act ON lck.pid = act.pid
WHERE lck.locktype = 'advisory' AND lck.granted
    AND lck.database = (SELECT dat.oid FROM pg_catalog.pg_database AS dat WHERE dat.datname = current_database())
    AND lck.classid::bigint = x'74696465'::bigint AND lck.objid::bigint = x'6d61726b'::bigint AND lck.objsubid = 1;

-- name: blockers
-- Who keeps the given session waiting for a lock.
SELECT
    act.pid,
    act.usename AS role_name,
    act.application_name,
    act.query,
    round(extract(EPOCH FROM clock_timestamp() - coalesce(act.xact_start, act.backend_start)))::integer AS age_seconds
FROM unnest(pg_blocking_pids(%(pid)s)) AS blocking (pid)
INNER JOIN pg_catalog.pg_stat_activity AS act USING (pid)
ORDER BY act.xact_start;

-- name: missing_roles
-- Group roles that the files grant to and that do not exist yet.
SELECT wanted.role_name
FROM unnest(%(roles)s::text []) AS wanted (role_name)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = wanted.role_name)
ORDER BY wanted.role_name;

-- name: login_rights
-- What the login may do, as far as applying files asks for it.
SELECT
    current_user AS role_name,
    current_database() AS database_name,
    rol.rolsuper AS is_superuser,
    rol.rolsuper OR rol.rolcreaterole AS may_create_roles,
    has_database_privilege(current_database(), 'CREATE') AS may_create_schemas,
    pg_is_in_recovery() AS is_standby,
    current_setting('session_replication_role') AS replication_role,
    current_setting('server_version') AS server_version
FROM pg_catalog.pg_roles AS rol
WHERE rol.rolname = current_user;

-- name: role_exists
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = %(role)s);

-- name: database_exists
SELECT EXISTS (SELECT FROM pg_catalog.pg_database AS dat WHERE dat.datname = %(database)s);

-- name: create_owner
-- Owner of the embedded database. Not a superuser; pg_monitor lets it see the queries that block it.
CREATE ROLE {role} LOGIN CREATEROLE CREATEDB IN ROLE pg_monitor;

-- name: create_database
CREATE DATABASE {database} OWNER {owner} TEMPLATE template0;

-- name: copy_database
-- Nobody may be connected to the template.
CREATE DATABASE {database} OWNER {owner} TEMPLATE {template};

-- name: create_dashboard_login
-- A login for dashboards, made anew when its password file was lost.
DO $create$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = {role_text}) THEN
        CREATE ROLE {role} LOGIN;
    END IF;
END;
$create$;
ALTER ROLE {role} PASSWORD {password};
GRANT tidemark_bi TO {role};

-- name: request_generation
-- What the generator files read, for one transaction.
SELECT
    set_config('tidemark.generate_models', %(models)s::text, TRUE) AS models,
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

-- name: applied_files
-- Functions and views as last applied. is_complete: all their objects still exist.
SELECT
    fil.path,
    fil.name,
    fil.fingerprint,
    fil.algorithm,
    coalesce(bool_and(CASE obj.kind
        WHEN 'routine' THEN to_regprocedure(obj.identity) IS NOT NULL
        WHEN 'trigger' THEN EXISTS (
            SELECT FROM pg_catalog.pg_trigger AS trg
            WHERE trg.tgname = obj.object_name AND trg.tgrelid = to_regclass(obj.table_name)
        )
        ELSE to_regclass(obj.identity) IS NOT NULL
    END) FILTER (WHERE obj.kind IS NOT NULL), TRUE) AS is_complete
FROM deploy.applied_file AS fil
LEFT JOIN deploy.file_object AS obj USING (path)
GROUP BY fil.path
ORDER BY fil.path;

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

-- name: record_file
INSERT INTO deploy.applied_file (path, name, fingerprint, algorithm, requires)
VALUES (%(path)s, %(name)s, %(fingerprint)s, %(algorithm)s, %(requires)s::text [])
ON CONFLICT (path) DO UPDATE SET
    name = excluded.name, fingerprint = excluded.fingerprint, algorithm = excluded.algorithm,
    requires = excluded.requires, applied_at = now();

-- name: forget_file
DELETE FROM deploy.applied_file WHERE path = %(path)s;

-- name: forget_objects
DELETE FROM deploy.file_object WHERE path = %(path)s;

-- name: record_object
-- An object that moves to another file changes hands.
INSERT INTO deploy.file_object (path, kind, identity, object_name, table_name)
VALUES (%(path)s, %(kind)s, %(identity)s, %(object_name)s, %(table_name)s)
ON CONFLICT (kind, identity) DO UPDATE SET
    path = excluded.path, object_name = excluded.object_name, table_name = excluded.table_name;

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
    coalesce(bool_or(edge.is_automatic) OVER (PARTITION BY node.classid, node.objid), FALSE) AS is_automatic,
    pg_describe_object(node.classid, node.objid, 0) AS description,
    coalesce((pg_identify_object(node.classid, node.objid, 0)).schema = 'refresh_data', FALSE) AS is_generated,
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
LEFT JOIN pg_catalog.pg_trigger AS trg ON node.classid = 'pg_catalog.pg_trigger'::regclass AND node.objid = trg.oid;

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
-- Catalogue address of a relation or routine by its name as a migration writes it.
SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, to_regclass(%(name)s)::oid AS objid
WHERE to_regclass(%(name)s) IS NOT NULL
UNION ALL
SELECT 'pg_catalog.pg_proc'::regclass::oid, to_regproc(%(name)s)::oid
WHERE to_regproc(%(name)s) IS NOT NULL;

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

-- name: drop_database
-- Without FORCE: it waits some seconds for sessions that are just ending, and needs no right to end those of others.
DROP DATABASE IF EXISTS {database};

-- name: compile_nothing
-- For the session; compiling the queries of a report takes longer than running them on a few thousand rows.
SELECT set_config('jit', 'off', FALSE);

-- name: set_time_zone
-- For the session; what Tidemark computes must not depend on it.
SELECT set_config('TimeZone', %(time_zone)s, FALSE);

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
SELECT set_config('tidemark.as_of', %(as_of)s, FALSE);

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

-- name: replica_settings
-- Logins and databases whose sessions do not fire triggers.
SELECT
    coalesce(quote_ident(rol.rolname), 'every role') || coalesce(' in database ' || quote_ident(dat.datname), '') AS target,
    split_part(item.setting, '=', 2) AS value
FROM pg_catalog.pg_db_role_setting AS opt
CROSS JOIN LATERAL unnest(opt.setconfig) AS item (setting)
LEFT JOIN pg_catalog.pg_roles AS rol ON opt.setrole = rol.oid
LEFT JOIN pg_catalog.pg_database AS dat ON opt.setdatabase = dat.oid
WHERE item.setting ~ '^session_replication_role=' AND item.setting <> 'session_replication_role=origin';

-- name: unsound_objects
-- Things in our schemas that exist but do not work.
SELECT
    (pg_identify_object('pg_catalog.pg_class'::regclass, idx.indexrelid, 0)).identity AS identity,
    'is an invalid index' AS problem,
    format('REINDEX INDEX CONCURRENTLY %s;', (pg_identify_object('pg_catalog.pg_class'::regclass, idx.indexrelid, 0)).identity) AS remedy
FROM pg_catalog.pg_index AS idx
INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE NOT idx.indisvalid AND nsp.nspname !~ '^pg_' AND nsp.nspname <> 'information_schema'
UNION ALL
SELECT
    (pg_identify_object('pg_catalog.pg_trigger'::regclass, trg.oid, 0)).identity,
    'is a disabled trigger: the changes it should see are lost',
    format('ALTER TABLE %s ENABLE TRIGGER %I;', (pg_identify_object('pg_catalog.pg_class'::regclass, trg.tgrelid, 0)).identity, trg.tgname)
FROM pg_catalog.pg_trigger AS trg
WHERE trg.tgenabled = 'D' AND NOT trg.tgisinternal
UNION ALL
SELECT
    (pg_identify_object('pg_catalog.pg_constraint'::regclass, con.oid, 0)).identity,
    'is a constraint that was never validated',
    format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', (pg_identify_object('pg_catalog.pg_class'::regclass, con.conrelid, 0)).identity, con.conname)
FROM pg_catalog.pg_constraint AS con
WHERE NOT con.convalidated AND con.conrelid <> 0
ORDER BY identity;

-- name: catalog_lines
-- Everything in our schemas, the runner's own apart: one line an object, free of object numbers.
WITH spaces AS (
    SELECT nsp.oid, nsp.nspname, nsp.nspowner, nsp.nspacl
    FROM pg_catalog.pg_namespace AS nsp
    WHERE nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('information_schema', 'deploy')
),

things AS (
    SELECT 'schema' AS kind, 'pg_namespace'::regclass::oid AS classid, spa.oid, spa.nspowner AS owner_id,
        coalesce(spa.nspacl, acldefault('n', spa.nspowner)) AS acl, '' AS body
    FROM spaces AS spa
    UNION ALL
    SELECT 'relation', 'pg_class'::regclass, cls.oid, cls.relowner,
        coalesce(cls.relacl, acldefault(CASE cls.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", cls.relowner)),
        concat_ws(' ', cls.relkind, cls.relpersistence, cls.relrowsecurity, cls.relforcerowsecurity, cls.reloptions,
            CASE
                WHEN cls.relkind IN ('v', 'm') THEN pg_get_viewdef(cls.oid)
                WHEN cls.relkind = 'p' THEN pg_get_partkeydef(cls.oid)
            END)
    FROM pg_catalog.pg_class AS cls
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    WHERE cls.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'index', 'pg_class'::regclass, idx.indexrelid, NULL, NULL,
        concat_ws(' ', pg_get_indexdef(idx.indexrelid), idx.indisvalid, idx.indisclustered, idx.indisreplident)
    FROM pg_catalog.pg_index AS idx
    INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    UNION ALL
    SELECT 'constraint', 'pg_constraint'::regclass, con.oid, NULL, NULL,
        concat_ws(' ', pg_get_constraintdef(con.oid), con.convalidated)
    FROM pg_catalog.pg_constraint AS con
    INNER JOIN spaces AS spa ON con.connamespace = spa.oid
    UNION ALL
    SELECT 'routine', 'pg_proc'::regclass, pro.oid, pro.proowner, coalesce(pro.proacl, acldefault('f', pro.proowner)),
        -- generated functions note the number of a relation in a comment
        CASE WHEN pro.prokind = 'a' THEN 'aggregate'
            ELSE regexp_replace(pg_get_functiondef(pro.oid), '-- relation [0-9]+', '', 'g') END
    FROM pg_catalog.pg_proc AS pro
    INNER JOIN spaces AS spa ON pro.pronamespace = spa.oid
    UNION ALL
    SELECT 'trigger', 'pg_trigger'::regclass, trg.oid, NULL, NULL, concat_ws(' ', pg_get_triggerdef(trg.oid), trg.tgenabled)
    FROM pg_catalog.pg_trigger AS trg
    INNER JOIN pg_catalog.pg_class AS cls ON trg.tgrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    WHERE NOT trg.tgisinternal
    UNION ALL
    SELECT 'type', 'pg_type'::regclass, typ.oid, typ.typowner, coalesce(typ.typacl, acldefault('T', typ.typowner)),
        concat_ws(' ', typ.typtype, format_type(typ.typbasetype, typ.typtypmod), typ.typnotnull, typ.typdefault, (
            SELECT string_agg(enu.enumlabel, ',' ORDER BY enu.enumsortorder)
            FROM pg_catalog.pg_enum AS enu WHERE enu.enumtypid = typ.oid
        ))
    FROM pg_catalog.pg_type AS typ
    INNER JOIN spaces AS spa ON typ.typnamespace = spa.oid
    WHERE typ.typtype IN ('d', 'e', 'r') OR (typ.typtype = 'c' AND EXISTS (
        SELECT FROM pg_catalog.pg_class AS cls WHERE cls.oid = typ.typrelid AND cls.relkind = 'c'
    ))
    UNION ALL
    SELECT 'policy', 'pg_policy'::regclass, pol.oid, NULL, NULL,
        concat_ws(' ', pol.polcmd, pol.polpermissive, pol.polroles::regrole [],
            pg_get_expr(pol.polqual, pol.polrelid), pg_get_expr(pol.polwithcheck, pol.polrelid))
    FROM pg_catalog.pg_policy AS pol
    INNER JOIN pg_catalog.pg_class AS cls ON pol.polrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    UNION ALL
    SELECT 'extension', 'pg_extension'::regclass, ext.oid, ext.extowner, NULL, ext.extversion
    FROM pg_catalog.pg_extension AS ext
),

columns AS (
    SELECT
        'column' AS kind,
        format('%I.%I.%I', spa.nspname, cls.relname, att.attname) AS identity,
        concat_ws(' ',
            row_number() OVER (PARTITION BY cls.oid ORDER BY att.attnum),
            format_type(att.atttypid, att.atttypmod), att.attnotnull, att.attidentity, att.attgenerated,
            pg_get_expr(def.adbin, def.adrelid), col.collname, att.attoptions, att.attstorage, (
                SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(att.attacl) AS item
            ), col_description(cls.oid, att.attnum)) AS definition
    FROM pg_catalog.pg_attribute AS att
    INNER JOIN pg_catalog.pg_class AS cls ON att.attrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    LEFT JOIN pg_catalog.pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum
    LEFT JOIN pg_catalog.pg_collation AS col ON att.attcollation = col.oid
    WHERE att.attnum > 0 AND NOT att.attisdropped AND cls.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
),

sequences AS (
    SELECT
        'sequence' AS kind,
        (pg_identify_object('pg_class'::regclass, seq.seqrelid, 0)).identity AS identity,
        concat_ws(' ', format_type(seq.seqtypid, NULL), seq.seqstart, seq.seqincrement, seq.seqmin, seq.seqmax,
            seq.seqcache, seq.seqcycle) AS definition
    FROM pg_catalog.pg_sequence AS seq
    INNER JOIN pg_catalog.pg_class AS cls ON seq.seqrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
)

SELECT
    thi.kind,
    (pg_identify_object(thi.classid, thi.oid, 0)).identity AS identity,
    concat_ws(' | ', thi.body, own.rolname, (
        SELECT string_agg(concat_ws('/', coalesce(rol.rolname, 'PUBLIC'), item.privilege_type, item.is_grantable), ','
            ORDER BY rol.rolname, item.privilege_type)
        FROM aclexplode(thi.acl) AS item
        LEFT JOIN pg_catalog.pg_roles AS rol ON item.grantee = rol.oid
    ), obj_description(thi.oid, thi.classid::regclass::name)) AS definition
FROM things AS thi
LEFT JOIN pg_catalog.pg_roles AS own ON thi.owner_id = own.oid
UNION ALL
SELECT col.kind, col.identity, col.definition FROM columns AS col
UNION ALL
SELECT seq.kind, seq.identity, seq.definition FROM sequences AS seq;

-- name: has_engine
-- True once the refresh engine is applied.
SELECT to_regclass('refresh.freshness') IS NOT NULL AND to_regclass('refresh.work') IS NOT NULL;

-- name: freshness
-- Every stored view with its age, the most urgent first.
SELECT
    fre.view_name, fre.freshness_status, fre.data_as_of, fre.lag, fre.target_lag, fre.is_within_target,
    fre.pending_count, fre.next_due_at, fre.last_run_at, fre.row_count, fre.mode, fre.mode_reason
FROM refresh.freshness AS fre
ORDER BY fre.is_within_target, fre.lag DESC NULLS FIRST, fre.view_name;

-- name: refresh_work
-- What a refresh would run now.
SELECT wor.view_name, wor.level, wor.lag, wor.target_lag, wor.waits_for
FROM refresh.work AS wor
ORDER BY wor.deadline_at, wor.level, wor.view_name;

-- name: notice_definitions
-- Lets the engine see definitions that changed since it last looked.
SELECT refresh.notice_all();

-- name: next_view
-- The stored view to run next; NULL when none is left.
SELECT refresh.next_view(%(done)s::text [], %(running)s::text []);

-- name: stored_views
-- All stored views, sources first.
SELECT sv.view_name
FROM refresh.stored_views AS sv
LEFT JOIN refresh.dependency AS dep USING (view_id)
GROUP BY sv.view_name
ORDER BY coalesce(max(dep.distance), 0), sv.view_name;

-- name: stored_sources
-- For each stored view the stored views it is built on.
SELECT sv.view_name, array_agg(below.view_name) AS below
FROM refresh.stored_views AS sv
INNER JOIN refresh.dependency AS dep USING (view_id)
INNER JOIN refresh.stored_views AS below ON dep.source_view_id = below.view_id
GROUP BY sv.view_name;

-- name: registered_name
-- The name of a stored view as the engine writes it; raises 42704 for an unknown one.
SELECT (refresh.registered(%(view)s)).view_name;

-- name: try_run
-- Refreshes one stored view; a failure is a row too.
SELECT
    tri.view_name, tri.mode, tri.reason, tri.change_count, tri.key_count, tri.inserted_count, tri.updated_count,
    tri.deleted_count, tri.duration_ms, tri.error_code, tri.error_message, tri.error_detail, tri.error_hint
FROM refresh.try_run(%(view)s, %(full)s) AS tri;

-- name: tick
CALL refresh.tick(%(max_seconds)s::numeric);

-- name: verify_view
SELECT
    ver.view_name, ver.is_equal, ver.live_count, ver.stored_count, ver.missing_count, ver.surplus_count,
    ver.differing_count, ver.pending_count, ver.samples
FROM refresh.verify(%(view)s) AS ver;

-- name: explain_view
SELECT exp.sentence FROM refresh.explain(%(view)s) AS exp (sentence);

-- name: has_inventory
SELECT to_regclass('model_risk.models') IS NOT NULL;

-- name: model_count
SELECT count(*) FROM model_risk.models;

-- name: demo_region
-- The region with most deployments.
SELECT reg.region_id, reg.name
FROM model_risk.regions AS reg
INNER JOIN model_risk.model_regions AS dep USING (region_id)
GROUP BY reg.region_id, reg.name
ORDER BY count(*) DESC, reg.region_id
LIMIT 1;

-- name: demo_team
-- The team with most lines of business.
SELECT tea.team_id, tea.name
FROM model_risk.teams AS tea
LEFT JOIN model_risk.lob_units AS lob USING (team_id)
GROUP BY tea.team_id, tea.name
ORDER BY count(lob.lob_id) DESC, tea.team_id
LIMIT 1;

-- name: demo_kpi
-- The KPI report for all models, one region and one team, side by side; of a breakdown the largest categories.
WITH part AS (
    SELECT 1 AS scope, rep.* FROM model_risk.kpi_report() AS rep
    UNION ALL
    SELECT 2, rep.* FROM model_risk.kpi_report(p_region_id => %(region_id)s) AS rep
    UNION ALL
    SELECT 3, rep.* FROM model_risk.kpi_report(p_team_id => %(team_id)s) AS rep
),

shown AS (
    SELECT
        part.scope, part.seq, part.metric_id, part.metric_name, part.category, part.count_value,
        CASE
            WHEN part.scope > 1 AND NOT part.is_filtered THEN NULL
            WHEN part.metric_type = 'breakdown' AND part.avg_days IS NOT NULL THEN part.avg_days || ' days'
            WHEN part.metric_type = 'breakdown' THEN part.count_value || ' (' || part.percentage || ' %%)'
            WHEN part.metric_type = 'ratio'
                THEN part.percentage || ' %% (' || part.numerator || ' of ' || part.denominator || ')'
            WHEN part.metric_type = 'duration' THEN part.duration_value || ' days'
            ELSE part.count_value::text
        END AS figure
    FROM part
),

line AS (
    SELECT
        shown.seq, shown.metric_id, shown.metric_name, shown.category,
        max(shown.figure) FILTER (WHERE shown.scope = 1) AS for_all,
        max(shown.figure) FILTER (WHERE shown.scope = 2) AS for_region,
        max(shown.figure) FILTER (WHERE shown.scope = 3) AS for_team,
        row_number() OVER (PARTITION BY shown.seq ORDER BY max(shown.count_value) DESC NULLS LAST, shown.category) AS place
    FROM shown
    GROUP BY shown.seq, shown.metric_id, shown.metric_name, shown.category
)

SELECT line.metric_id, line.metric_name, line.category, line.for_all, line.for_region, line.for_team, line.seq, line.place
FROM line
WHERE line.place <= 8
UNION ALL
SELECT line.metric_id, line.metric_name, 'and ' || count(*) || ' more', NULL, NULL, NULL, line.seq, 9
FROM line
WHERE line.place > 8
GROUP BY line.metric_id, line.metric_name, line.seq
ORDER BY seq, place;

-- name: demo_compliance_total
SELECT count(*) FROM model_risk.regional_compliance_report() AS rep WHERE rep.is_deployed_without_validation;

-- name: demo_exceptions
-- The newest deployments without a valid validation.
SELECT rep.region_code, rep.model_id, rep.model_name, rep.deployed_version, rep.deployment_date::date AS deployed_on,
    rep.validation_status
FROM model_risk.regional_compliance_report() AS rep
WHERE rep.is_deployed_without_validation
ORDER BY rep.deployment_date DESC NULLS LAST, rep.region_code, rep.model_id
LIMIT 8;

-- name: demo_cycles
-- The newest attestation cycles.
SELECT cyc.cycle_name, cyc.status, cyc.submission_due_date, cyc.total_records, cyc.pending_count, cyc.accepted_count,
    cyc.coverage_pct
FROM model_risk.attestation_cycle_list(p_limit => 8) AS cyc;

-- name: load_open_upload
-- Registers a file that is about to be loaded; gives its number.
SELECT load.open_upload(%(dataset)s, %(file_name)s, %(parameters)s::jsonb, %(is_dry_run)s);

-- name: load_claim_upload
-- True when no other session works on the upload.
SELECT load.claim_upload(%(upload_id)s);

-- name: load_reading_rules
-- How the file of an upload is to be read.
SELECT
    rul.max_bytes,
    rul.max_record_bytes,
    rul.encoding,
    rul.skipped_records,
    rul.surplus_cells
FROM load.reading_rules(%(upload_id)s) AS rul;

-- name: load_begin_staging
-- Makes the staging table of an upload.
SELECT load.begin_staging(%(upload_id)s, %(header)s);

-- name: load_copy_statement
-- The COPY for chunks of one form.
SELECT load.copy_statement(%(upload_id)s, %(columns)s, %(form)s);

-- name: load_number_from
-- The number that the next record of a plain chunk gets.
SELECT load.number_from(%(upload_id)s, %(number)s);

-- name: load_note_staged
-- How far the file of an upload is staged.
SELECT load.note_staged(%(upload_id)s, %(bytes)s, %(rows)s, %(digest)s, %(is_all)s);

-- name: load_note_phase
-- How long a phase took.
SELECT load.note_phase(%(upload_id)s, %(phase)s, %(milliseconds)s, %(rows)s);

-- name: load_give_up
-- Ends an upload whose file cannot be read.
SELECT load.give_up(%(upload_id)s, %(code)s, %(detail)s, %(message)s);

-- name: load_finish_upload
-- Checks and merges a staged file; gives the status.
SELECT load.finish_upload(%(upload_id)s, %(again)s);

-- name: load_upload
-- One upload.
SELECT * FROM load.upload WHERE upload_id = %(upload_id)s;

-- name: load_unfinished
-- Uploads of the same kind that an earlier run may have left behind, newest first.
SELECT upl.*
FROM load.upload AS upl
WHERE upl.load_status IN ('staging', 'staged')
    AND upl.staged_bytes > 0
    AND (upl.dataset_name = %(dataset)s OR upl.family_name = %(dataset)s)
    AND upl.given_parameters = %(parameters)s::jsonb
    AND upl.is_dry_run = %(is_dry_run)s
ORDER BY upl.upload_id DESC;

-- name: load_same_size
-- A finished load of a file of this size, the newest; its content may be the same.
SELECT upl.*
FROM load.upload AS upl
WHERE upl.load_status = 'loaded'
    AND upl.staged_bytes = %(bytes)s
    AND (upl.dataset_name = %(dataset)s OR upl.family_name = %(dataset)s)
    AND upl.given_parameters = %(parameters)s::jsonb
ORDER BY upl.upload_id DESC
LIMIT 1;

-- name: load_uploads
-- The latest uploads, newest first.
SELECT
    upl.upload_id,
    upl.dataset_name,
    upl.file_name,
    upl.load_status,
    upl.error_code,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    upl.started_at
FROM load.upload AS upl
ORDER BY upl.upload_id DESC
LIMIT %(count)s;

-- name: load_issues
-- What was found wrong with the rows of an upload, in file order.
SELECT
    iss.row_no,
    iss.severity,
    iss.reason,
    iss.column_name,
    iss.raw_value,
    iss.message
FROM load.issue AS iss
WHERE iss.upload_id = %(upload_id)s
ORDER BY iss.row_no, iss.column_name, iss.reason;

-- name: load_rejected_records
-- The records of an upload that were not loaded, in file order.
SELECT
    rec.row_no,
    rec.cells,
    rec.reasons
FROM load.rejected_record AS rec
WHERE rec.upload_id = %(upload_id)s
ORDER BY rec.row_no;

-- name: load_datasets
-- What can be loaded, one row a column.
SELECT * FROM load.dataset ORDER BY dataset_name, column_no;

-- name: golden_lob_preview
-- The entries of a hierarchy preview as its golden file lists them.
SELECT
    %(case)s::text AS case_id,
    out.outcome AS action,
    row_number() OVER (PARTITION BY out.outcome ORDER BY out.seq)::text AS seq,
    out.details ->> 'code' AS code,
    out.details ->> 'name' AS name,
    out.details ->> 'org_unit' AS org_unit,
    out.details ->> 'level' AS level,
    out.details ->> 'parent_code' AS parent_code,
    (out.details -> 'updates')::text AS updates
FROM load.outcome AS out
WHERE out.upload_id = %(upload_id)s
ORDER BY out.seq;

-- name: golden_lob_units
-- The hierarchy, parents by their org unit.
SELECT
    %(case)s::text AS case_id,
    lob.*,
    par.org_unit AS parent_org_unit
FROM model_risk.lob_units AS lob
LEFT JOIN model_risk.lob_units AS par ON lob.parent_id = par.lob_id
ORDER BY lob.org_unit;

-- name: golden_result_preview
-- The records of a results preview as its golden file lists them.
SELECT
    %(case)s::text AS case_id,
    out.seq::text AS row_number,
    out.outcome AS action,
    out.details ->> 'model_id' AS model_id,
    out.details ->> 'metric_id' AS metric_id,
    (out.details ->> 'value')::double precision AS value,
    out.details ->> 'outcome' AS outcome,
    out.details ->> 'narrative' AS narrative,
    out.details ->> 'error' AS error
FROM load.outcome AS out
WHERE out.upload_id = %(upload_id)s
ORDER BY out.seq;

-- name: golden_results
-- All monitoring results.
SELECT
    %(case)s::text AS case_id,
    res.*
FROM model_risk.monitoring_results AS res
ORDER BY res.cycle_id, res.model_id, res.plan_metric_id;
