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
    PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.file_object IS
'Database objects that a file holds, as pg_identify_object names them.';

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
