-- clinical.end_write()
-- Ends a write function, and notes in the log of calls how long it took.
-- requires: clinical.role_of(), ops.note_call()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.end_write(p_name text, p_actor_id integer, p_started timestamptz, p_rows bigint, p_status text)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('tidemark.records', '', TRUE);
    PERFORM ops.note_call('clinical.' || p_name, p_actor_id::text, clinical.role_of(p_actor_id), p_started, p_rows, p_status, 'write');
END;
$$;

COMMENT ON FUNCTION clinical.end_write IS
'p_rows: rows given. What is written directly afterwards is recorded by triggers again.';

REVOKE ALL ON FUNCTION clinical.end_write FROM PUBLIC;
