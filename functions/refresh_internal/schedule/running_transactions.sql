-- refresh_internal.running_transactions()
-- Lists transactions that have a number and have not ended.
-- requires: nothing
-- source:   docs/refresh.md, "What a view has seen"

-- From the locks, not from a snapshot: that leaves out whoever began after the last one that ended. The view of locks has 32 bits
-- of a number; the rest is what brings it nearest to the newest snapshot.
CREATE OR REPLACE FUNCTION refresh_internal.running_transactions()
RETURNS TABLE (xid xid8, virtual_transaction text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        (newest.xid + (own.short - newest.xid % 4294967296 + 6442450944) % 4294967296 - 2147483648)::text::xid8,
        own.virtualtransaction
    FROM (
        SELECT lck.transactionid::text::bigint AS short, lck.virtualtransaction
        FROM pg_locks AS lck
        WHERE lck.locktype = 'transactionid' AND lck.mode = 'ExclusiveLock' AND lck.granted
    ) AS own
    CROSS JOIN (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xid) AS newest;
END;

COMMENT ON FUNCTION refresh_internal.running_transactions IS
'Subtransactions among them; virtual_transaction joins them to their other locks.';

REVOKE ALL ON FUNCTION refresh_internal.running_transactions FROM PUBLIC;
