-- refresh_internal.busy_views()
-- Tells which stored views are locked by whom.
-- requires: nothing
-- source:   docs/refresh.md, "Locks"

-- SECURITY DEFINER so that readers of refresh.freshness need no right on refresh_data; it tells what pg_locks tells everybody.
CREATE OR REPLACE FUNCTION refresh_internal.busy_views()
RETURNS TABLE (view_id integer, busy_with text) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        substr(cls.relname, 9)::integer,
        string_agg(format('pid %s (%s)', lck.pid, concat_ws(', ', act.usename, nullif(act.application_name, ''))), ', ' ORDER BY lck.pid)
    FROM pg_locks AS lck
    INNER JOIN pg_class AS cls ON lck.relation = cls.oid
    LEFT JOIN pg_stat_activity AS act ON lck.pid = act.pid
    WHERE lck.locktype = 'relation' AND lck.mode = 'ExclusiveLock' AND lck.granted AND lck.pid <> pg_backend_pid()
        AND lck.database = (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database())
        AND cls.relnamespace = 'refresh_data'::regnamespace AND cls.relname ~ '^lock_of_[0-9]+$'
    GROUP BY cls.relname;
END;

COMMENT ON FUNCTION refresh_internal.busy_views IS
'One row per stored view that another session refreshes or changes, with its process, role and program.';

GRANT EXECUTE ON FUNCTION refresh_internal.busy_views TO PUBLIC;
