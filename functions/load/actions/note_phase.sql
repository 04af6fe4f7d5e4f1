-- load.note_phase()
-- Keeps how long a phase of a load took.
-- requires: load_internal.require_mine()
-- source:   docs/loading.md, "Where the time goes"

CREATE OR REPLACE FUNCTION load.note_phase(p_upload_id bigint, p_phase text, p_duration_ms double precision, p_row_count bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    INSERT INTO load.phases AS pha (upload_id, phase, duration_ms, row_count)
    VALUES (p_upload_id, p_phase, p_duration_ms, p_row_count)
    ON CONFLICT (upload_id, phase) DO UPDATE
    SET duration_ms = pha.duration_ms + excluded.duration_ms, row_count = excluded.row_count;
END;

COMMENT ON FUNCTION load.note_phase IS
'Adds up when a phase comes in parts, as in a load that was interrupted.';

REVOKE ALL ON FUNCTION load.note_phase FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.note_phase TO tidemark_loader, tidemark_operator;
