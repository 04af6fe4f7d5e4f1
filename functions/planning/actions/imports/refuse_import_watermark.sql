-- planning.refuse_import_watermark()
-- Refuses a file of actuals with rows after the day through which it is said to be complete.
-- requires: load.fail(), load.set_parameter(), load.trimmed(), planning.day_of_text()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.refuse_import_watermark(p_upload_id bigint)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_last date := (SELECT max(imp.actual_date) FROM pg_temp.import_rows AS imp);
    v_through date := (
        SELECT planning.day_of_text(load.trimmed(upl.parameters ->> 'through')) FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id
    );
BEGIN
    IF v_through < v_last THEN
        PERFORM load.fail(p_upload_id, 'WATERMARK_BEFORE_LAST_ROW', v_last::text,
            format('The last row is of %s, the file is said to be complete through %s.', v_last, v_through));
        RETURN TRUE;
    END IF;
    PERFORM load.set_parameter(p_upload_id, 'actuals_through_date', coalesce(v_through, v_last)::text);
    RETURN FALSE;
END;
$$;

COMMENT ON FUNCTION planning.refuse_import_watermark IS
'True, and the upload has failed. Otherwise parameter actuals_through_date is the day given, or the last one of the file.';

REVOKE ALL ON FUNCTION planning.refuse_import_watermark FROM PUBLIC;
