-- refresh_internal.note_open_writers()
-- Remembers which writers had not ended when a tick looked, so that nobody is blamed for what they committed late.
-- requires: refresh_internal.running_transactions()
-- source:   docs/refresh.md, "Lag and breaches"

CREATE OR REPLACE FUNCTION refresh_internal.note_open_writers()
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- who has put something into a queue still holds its lock
    INSERT INTO refresh_internal.open_writers AS ope (xid, seen_at)
    SELECT DISTINCT ON (running.xid) running.xid, clock_timestamp()
    FROM pg_locks AS held
    INNER JOIN pg_class AS rel ON held.relation = rel.oid
    INNER JOIN refresh_internal.running_transactions() AS running ON held.virtualtransaction = running.virtual_transaction
    WHERE held.locktype = 'relation' AND held.mode = 'RowExclusiveLock' AND held.granted
        AND held.database = (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database())
        AND rel.relnamespace = 'refresh_data'::regnamespace AND rel.relname ~ '^changes_[0-9]+_[ab]$'
    ON CONFLICT (xid) DO UPDATE SET seen_at = excluded.seen_at;
    DELETE FROM refresh_internal.open_writers AS ope WHERE ope.seen_at < clock_timestamp() - interval '1 hour';
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_open_writers IS
'Writes nothing when nobody is writing.';

REVOKE ALL ON FUNCTION refresh_internal.note_open_writers FROM PUBLIC;
