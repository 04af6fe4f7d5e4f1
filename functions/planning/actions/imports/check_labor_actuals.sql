-- planning.check_labor_actuals()
-- Takes a file of labor actuals through the stages of its import, up to the first that fails.
-- requires: planning.refuse_import_shape(), planning.read_labor_actuals(), planning.note_import_rows(), planning.refuse_import_rows()
-- requires: planning.refuse_import_conflicts(), planning.refuse_import_watermark(), planning.cost_import()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.check_labor_actuals(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF planning.refuse_import_shape(p_upload_id, '{resource_id}', '{percentage,"capital_percentage,expense_percentage"}') THEN
        RETURN;
    END IF;
    PERFORM planning.read_labor_actuals(p_upload_id);
    PERFORM planning.note_import_rows(p_upload_id);
    IF planning.refuse_import_rows(p_upload_id, 'ROW_VALIDATION')
        OR planning.refuse_import_conflicts(p_upload_id)
        OR planning.refuse_import_watermark(p_upload_id) THEN
        RETURN;
    END IF;
    PERFORM planning.cost_import();
    PERFORM planning.note_import_rows(p_upload_id);
    PERFORM planning.refuse_import_rows(p_upload_id, 'COSTING');
END;
$$;

COMMENT ON FUNCTION planning.check_labor_actuals IS
'Hook of the loader. pg_temp.import_rows has the rows to store; error_code of the upload is the outcome of the first stage that fails.';

REVOKE ALL ON FUNCTION planning.check_labor_actuals FROM PUBLIC;
