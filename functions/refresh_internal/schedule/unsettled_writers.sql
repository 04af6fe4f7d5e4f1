-- refresh_internal.unsettled_writers()
-- Finds writers of the sources of a stored view that may have begun before their changes were captured.
-- requires: refresh_internal.relations_of()
-- source:   docs/refresh.md, "What a view has seen"

CREATE OR REPLACE FUNCTION refresh_internal.unsettled_writers(p_view_id integer, p_known xid8[])
RETURNS xid8[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT COALESCE(array_agg(DISTINCT running.xid), '{}')
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running (xid)
    WHERE
        running.xid = ANY(p_known)
        -- looked for once, at the first run: later writers find capture in place
        OR (p_known = '{}' AND EXISTS (
            SELECT FROM pg_locks AS own
            INNER JOIN pg_locks AS held ON own.virtualtransaction = held.virtualtransaction
            WHERE
                own.locktype = 'transactionid' AND own.granted
                AND own.transactionid::text::bigint = running.xid::text::bigint % 4294967296
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
