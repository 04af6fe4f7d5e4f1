-- name: statement_progress
-- How far a statement of a file outside a transaction came; nothing before its first start.
SELECT fingerprint, statement, found_before, finished_at IS NOT NULL AS is_finished
FROM deploy.migration_statement
WHERE path = %(path)s AND statement_no = %(statement_no)s;

-- name: statement_started
INSERT INTO deploy.migration_statement (path, statement_no, fingerprint, statement, found_before)
VALUES (%(path)s, %(statement_no)s, %(fingerprint)s, %(statement)s, %(found_before)s::text [])
ON CONFLICT (path, statement_no) DO UPDATE SET
    fingerprint = excluded.fingerprint, statement = excluded.statement, found_before = excluded.found_before,
    started_at = clock_timestamp(), finished_at = NULL;

-- name: statement_finished
UPDATE deploy.migration_statement SET finished_at = clock_timestamp()
WHERE path = %(path)s AND statement_no = %(statement_no)s;

-- name: forget_progress
DELETE FROM deploy.migration_statement WHERE path = %(path)s;

-- name: relations_named
-- What bears the name of an index where CREATE INDEX would put it. An index that is built, or was left by a build that
-- ended early, is not valid.
SELECT
    cls.oid::text AS mark,
    coalesce(idx.indisvalid, TRUE) AS is_valid,
    coalesce(idx.indrelid = tab.oid, FALSE) AS is_on_table,
    pg_get_indexdef(idx.indexrelid) AS definition,
    format('DROP INDEX CONCURRENTLY %%I.%%I', nsp.nspname, cls.relname) AS drop_sql,
    tab.oid AS table_oid
FROM pg_catalog.pg_class AS tab
INNER JOIN pg_catalog.pg_class AS cls ON tab.relnamespace = cls.relnamespace
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
LEFT JOIN pg_catalog.pg_index AS idx ON cls.oid = idx.indexrelid
WHERE tab.oid = to_regclass(%(table)s) AND cls.relname = %(index)s;

-- name: make_twin
-- An empty table of the same columns; the caller's transaction takes it back.
CREATE TEMPORARY TABLE tidemark_twin (LIKE {schema}.{table});

-- name: twin_index
-- How PostgreSQL writes the one index of the twin.
SELECT pg_get_indexdef(idx.indexrelid)
FROM pg_catalog.pg_index AS idx
WHERE idx.indrelid = to_regclass('pg_temp.tidemark_twin');

-- name: name_of_table
SELECT nsp.nspname, cls.relname
FROM pg_catalog.pg_class AS cls
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE cls.oid = to_regclass(%(table)s);

-- name: at_work_on_table
-- Other sessions that hold the lock of a concurrent build: what is not valid may be theirs, and half made.
SELECT
    act.pid,
    act.usename AS role_name,
    act.application_name,
    act.query,
    act.state,
    NULL::text AS prepared_name,
    round(extract(EPOCH FROM clock_timestamp() - coalesce(act.xact_start, act.backend_start)))::integer AS age_seconds,
    round(extract(EPOCH FROM clock_timestamp() - act.state_change))::integer AS idle_seconds
FROM pg_catalog.pg_locks AS lck
INNER JOIN pg_catalog.pg_stat_activity AS act ON lck.pid = act.pid
WHERE lck.locktype = 'relation' AND lck.relation = %(table)s AND lck.granted
    AND lck.database = (SELECT dat.oid FROM pg_catalog.pg_database AS dat WHERE dat.datname = current_database())
    AND lck.mode = 'ShareUpdateExclusiveLock' AND lck.pid <> pg_backend_pid() AND act.backend_type = 'client backend';

-- name: index_oid
-- The index that a name leads to.
SELECT cls.oid::text AS mark
FROM pg_catalog.pg_class AS cls
WHERE cls.oid = to_regclass(%(index)s) AND cls.relkind = 'i';

-- name: still_there
-- Which of the given objects of pg_class exist.
SELECT cls.oid::text AS mark
FROM pg_catalog.pg_class AS cls
WHERE cls.oid = ANY(%(marks)s::oid []);

-- name: unfinished_reindex
-- Indexes that are not valid and bear the name of a rebuild (_ccnew) or of what it replaced (_ccold), within the reach
-- of a REINDEX: of an index, a table (with partitions and TOAST), a schema or the database.
WITH given AS (
    SELECT to_regclass(%(name)s) AS oid
    WHERE %(kind)s IN ('index', 'table')
),

relation AS (
    SELECT given.oid FROM given
    UNION
    SELECT part.relid FROM given CROSS JOIN LATERAL pg_partition_tree(given.oid) AS part
),

base AS (
    SELECT rel.oid FROM relation AS rel WHERE %(kind)s = 'table'
    UNION
    SELECT idx.indrelid FROM relation AS rel INNER JOIN pg_catalog.pg_index AS idx ON rel.oid = idx.indexrelid
    UNION
    SELECT cls.oid FROM pg_catalog.pg_class AS cls
    WHERE cls.relkind IN ('r', 'm') AND cls.relpersistence <> 't'
        AND (%(kind)s = 'database' OR (%(kind)s = 'schema' AND cls.relnamespace::regnamespace = to_regnamespace(%(name)s)))
),

reached AS (
    SELECT base.oid FROM base
    UNION
    SELECT cls.reltoastrelid FROM base INNER JOIN pg_catalog.pg_class AS cls ON base.oid = cls.oid
)

SELECT
    cls.oid::text AS mark,
    format('DROP INDEX CONCURRENTLY %%I.%%I', nsp.nspname, cls.relname) AS drop_sql,
    idx.indrelid AS table_oid,
    nsp.nspname = 'pg_toast' AS is_toast
FROM reached
INNER JOIN pg_catalog.pg_index AS idx ON reached.oid = idx.indrelid
INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE NOT idx.indisvalid AND cls.relname ~ '_cc(new|old)[0-9]*$'
ORDER BY cls.oid;

-- name: partition_of
-- How a table hangs on its parent: attached, pending (half detached), or not at all.
SELECT format('%%s %%s', CASE WHEN inh.inhdetachpending THEN 'pending' ELSE 'attached' END, inh.inhrelid::oid) AS mark
FROM pg_catalog.pg_inherits AS inh
WHERE inh.inhparent = to_regclass(%(parent)s) AND inh.inhrelid = to_regclass(%(partition)s);
