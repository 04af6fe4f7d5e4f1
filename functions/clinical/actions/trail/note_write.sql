-- clinical.note_write()
-- Notes in the log of calls how long one write took.
-- requires: clinical.role_of(), ops.note_call()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.note_write(p_name text, p_actor_id integer, p_started timestamptz, p_rows bigint, p_status text)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ops.note_call('clinical.' || p_name, p_actor_id::text, clinical.role_of(p_actor_id), p_started, p_rows, p_status, 'write');
END;
$$;

COMMENT ON FUNCTION clinical.note_write IS
'p_rows: rows given. Never fails.';

REVOKE ALL ON FUNCTION clinical.note_write FROM PUBLIC;
