-- clinical.begin_write()
-- Begins a write function: from here on it records what it does itself.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.begin_write()
RETURNS timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- a function cannot carry this setting itself: only a superuser may write an unknown one into it
    PERFORM set_config('tidemark.records', 'clinical', TRUE);
    RETURN clock_timestamp();
END;
$$;

COMMENT ON FUNCTION clinical.begin_write IS
'Gives the instant. Triggers that record direct writes keep still until clinical.end_write(), or until the transaction or savepoint is taken back.';

REVOKE ALL ON FUNCTION clinical.begin_write FROM PUBLIC;
