-- refresh_internal.note_seen()
-- Remembers which changes a run has taken.
-- requires: nothing
-- source:   docs/refresh.md, "What a view has seen"

CREATE OR REPLACE FUNCTION refresh_internal.note_seen(p_view_id integer, p_snapshot pg_snapshot, p_own xid8, p_command bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own xid8 := pg_current_xact_id();
    v_seen pg_snapshot := p_snapshot;
BEGIN
    -- a snapshot does not list the transaction that took it, which may go on and change sources
    IF v_own < pg_snapshot_xmax(p_snapshot) THEN
        SELECT format('%s:%s:%s', least(pg_snapshot_xmin(p_snapshot), v_own), pg_snapshot_xmax(p_snapshot),
            string_agg(running.xid::text, ',' ORDER BY running.xid))::pg_snapshot
        INTO v_seen
        FROM (SELECT pg_snapshot_xip(p_snapshot) UNION SELECT v_own) AS running (xid);
    END IF;
    UPDATE refresh.view_state AS vst
    SET seen = v_seen, seen_xid = coalesce(p_own, '0'), seen_command = coalesce(p_command, -1)
    WHERE vst.view_id = p_view_id;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_seen IS
'p_snapshot: that of the statement that took the changes; p_own: the transaction, if it had one by then; p_command: the last of its own commands whose changes were taken.';

REVOKE ALL ON FUNCTION refresh_internal.note_seen FROM PUBLIC;
