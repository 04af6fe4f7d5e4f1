-- clinical.note_read()
-- Notes in the log of calls how long one read took.
-- requires: clinical.role_of(), ops.note_call()
-- source:   docs/clinical.md, "Calls"

CREATE OR REPLACE FUNCTION clinical.note_read(p_name text, p_actor_id integer, p_started timestamptz, p_rows bigint, p_kind text DEFAULT 'read')
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ops.note_call('clinical.' || p_name, p_actor_id::text, clinical.role_of(p_actor_id), p_started, p_rows, 'ok', p_kind);
END;
$$;

COMMENT ON FUNCTION clinical.note_read IS
'p_rows: rows given. p_kind: read, or report for what looks at everything. Never fails.';

REVOKE ALL ON FUNCTION clinical.note_read FROM PUBLIC;
