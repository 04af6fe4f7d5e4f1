-- refresh_internal.unsettled_writers()
-- Finds writers of the sources of a stored view that may have begun before their changes were captured.
-- requires: refresh_internal.relations_of(), refresh_internal.running_transactions()
-- source:   docs/refresh.md, "What a view has seen"

CREATE OR REPLACE FUNCTION refresh_internal.unsettled_writers(p_view_id integer, p_known xid8[])
RETURNS xid8[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT COALESCE(array_agg(DISTINCT running.xid), '{}')
    FROM refresh_internal.running_transactions() AS running
    WHERE
        running.xid = ANY(p_known)
        -- looked for once, at the first run: later writers find capture in place
        OR (p_known = '{}' AND running.xid IS DISTINCT FROM pg_current_xact_id_if_assigned() AND EXISTS (
            SELECT FROM pg_locks AS held
            WHERE
                held.virtualtransaction = running.virtual_transaction
                AND held.virtualtransaction IS DISTINCT FROM (
                    SELECT min(mine.virtualtransaction) FROM pg_locks AS mine WHERE mine.pid = pg_backend_pid()
                )
                AND held.locktype = 'relation' AND held.granted AND held.mode IN (
                    'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'
                )
                AND held.database = (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database())
                AND held.relation IN (
                    SELECT to_regclass(part.name)::oid
                    FROM refresh.view_sources AS vs
                    CROSS JOIN LATERAL unnest(refresh_internal.relations_of(vs.source_name)) AS part (name)
                    WHERE vs.view_id = p_view_id
                )
        ));
END;

COMMENT ON FUNCTION refresh_internal.unsettled_writers IS
'p_known: what the last look found; empty: the first look. A view stays on whole runs until none of them is left.';

REVOKE ALL ON FUNCTION refresh_internal.unsettled_writers FROM PUBLIC;
