-- planning.refuse_import_rows()
-- Ends an import of actuals in which rows were found wrong.
-- requires: load.fail()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.refuse_import_rows(p_upload_id bigint, p_code text)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rows bigint := (
        SELECT count(DISTINCT iss.row_no) FROM load.issues AS iss WHERE iss.upload_id = p_upload_id AND iss.severity = 'reject'
    );
BEGIN
    IF v_rows = 0 THEN
        RETURN FALSE;
    END IF;
    PERFORM load.fail(p_upload_id, p_code, v_rows::text, format('%s rows are wrong; nothing was imported.', v_rows));
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION planning.refuse_import_rows IS
'True, and the upload has failed with p_code, when one row has an issue.';

REVOKE ALL ON FUNCTION planning.refuse_import_rows FROM PUBLIC;
