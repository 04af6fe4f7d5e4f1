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
