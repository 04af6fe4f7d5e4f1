-- name: set_lock_timeout
-- For the session; a file may set its own with SET LOCAL.
SELECT set_config('lock_timeout', %(milliseconds)s, FALSE);

-- name: has_lock_timeout
-- False once something switched the timeout off.
SELECT current_setting('lock_timeout') <> '0';

-- name: end_with_the_client
-- A machine that vanished without a word is noticed within a minute, not after the two hours of TCP's own.
SET tcp_keepalives_idle = 15;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;

-- name: look_for_the_client
-- A statement ends soon after the process that sent it: without this a killed runner's would go on, lock and all.
SET client_connection_check_interval = '250ms';

-- name: cancel_statement
-- Ends what the session does now, not the session.
SELECT pg_cancel_backend(%(pid)s);

-- name: try_runner_lock
-- One runner a database. The lock is held by the session, so it ends with the process; the number spells "tidemark".
SELECT pg_try_advisory_lock(x'746964656d61726b'::bigint);

-- name: release_runner_lock
SELECT pg_advisory_unlock(x'746964656d61726b'::bigint);

-- name: holds_runner_lock
-- True if this very session holds the runner's lock.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_locks AS lck
    WHERE lck.locktype = 'advisory' AND lck.pid = pg_backend_pid() AND lck.granted
        AND lck.classid::bigint = x'74696465'::bigint AND lck.objid::bigint = x'6d61726b'::bigint AND lck.objsubid = 1
);

-- name: runner_lock_holder
-- Who holds the runner's lock in this database, and for how long the session exists.
SELECT
    act.pid,
    act.usename AS role_name,
    act.application_name,
    act.query,
    act.state,
    NULL::text AS prepared_name,
    round(extract(EPOCH FROM clock_timestamp() - act.backend_start))::integer AS age_seconds,
    round(extract(EPOCH FROM clock_timestamp() - act.state_change))::integer AS idle_seconds
FROM pg_catalog.pg_locks AS lck
INNER JOIN pg_catalog.pg_stat_activity AS act ON lck.pid = act.pid
WHERE lck.locktype = 'advisory' AND lck.granted
    AND lck.database = (SELECT dat.oid FROM pg_catalog.pg_database AS dat WHERE dat.datname = current_database())
    AND lck.classid::bigint = x'74696465'::bigint AND lck.objid::bigint = x'6d61726b'::bigint AND lck.objsubid = 1;

-- name: waits_for_a_lock
-- Whether the given session waits for a lock at this moment.
SELECT act.wait_event_type IS NOT DISTINCT FROM 'Lock' FROM pg_catalog.pg_stat_get_activity(%(pid)s) AS act;

-- name: blockers
-- Who keeps the given session waiting for a lock, the oldest transaction first; nothing while it does not wait.
-- waits_for_us: that session waits for the given one in turn. A prepared transaction has a name and no pid.
WITH me AS MATERIALIZED (  -- looking for locks stops every backend for a moment, so only when there is a wait
    SELECT act.pid
    FROM pg_catalog.pg_stat_activity AS act
    WHERE act.pid = %(pid)s AND act.wait_event_type = 'Lock'
),

wanted AS MATERIALIZED (
    SELECT
        lck.*,
        coalesce(extract(EPOCH FROM clock_timestamp() - lck.waitstart), 0) AS waited_seconds
    FROM me
    CROSS JOIN LATERAL (SELECT pgl.* FROM pg_catalog.pg_locks AS pgl WHERE pgl.pid = me.pid AND NOT pgl.granted) AS lck
),

in_the_way AS (
    SELECT
        act.pid,
        coalesce(act.usename, act.backend_type) AS role_name,
        act.application_name,
        act.query,
        act.state,
        NULL::text AS prepared_name,
        coalesce(act.xact_start, act.backend_start) AS since,
        act.state_change,
        %(pid)s = ANY(pg_blocking_pids(act.pid)) AS waits_for_us
    FROM me
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(me.pid)) AS pid) AS blocking
    INNER JOIN pg_catalog.pg_stat_activity AS act ON blocking.pid = act.pid
    UNION ALL
    SELECT DISTINCT
        NULL::integer,
        prep.owner,
        NULL::text,
        NULL::text,
        NULL::text,
        prep.gid,
        prep.prepared,
        NULL::timestamptz,
        FALSE
    FROM wanted
    INNER JOIN pg_catalog.pg_locks AS held
        ON held.pid IS NULL AND held.granted AND wanted.locktype = held.locktype
        AND (wanted.database, wanted.relation, wanted.transactionid, wanted.classid, wanted.objid, wanted.objsubid)
        IS NOT DISTINCT FROM
        (held.database, held.relation, held.transactionid, held.classid, held.objid, held.objsubid)
    INNER JOIN pg_catalog.pg_locks AS own  -- a transaction locks its own number
        ON held.virtualtransaction = own.virtualtransaction AND own.pid IS NULL AND own.locktype = 'transactionid'
    INNER JOIN pg_catalog.pg_prepared_xacts AS prep ON own.transactionid = prep.transaction
)

SELECT
    itw.pid,
    itw.role_name,
    itw.application_name,
    itw.query,
    itw.state,
    itw.prepared_name,
    round(extract(EPOCH FROM clock_timestamp() - itw.since))::integer AS age_seconds,
    round(extract(EPOCH FROM clock_timestamp() - itw.state_change))::integer AS idle_seconds,
    itw.waits_for_us,
    wait.waits_since,
    wait.waited_seconds
FROM in_the_way AS itw
CROSS JOIN (
    SELECT min(wanted.waitstart) AS waits_since, coalesce(max(wanted.waited_seconds), 0) AS waited_seconds FROM wanted
) AS wait
ORDER BY itw.since;
