-- load.fail()
-- Says that a file as a whole cannot be loaded.
-- requires: nothing
-- source:   docs/loading.md, "Files that fail"

CREATE OR REPLACE FUNCTION load.fail(p_upload_id bigint, p_code text, p_detail text, p_message text)
RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE load.uploads AS upl
    SET
        load_status = 'failed',
        error_code = p_code,
        error_detail = p_detail,
        -- what the client saw in the file helps to mend it
        error_message = concat_ws(' ', p_message, upl.reading ->> 'seen'),
        total_rows = upl.staged_rows,
        processed_rows = 0,
        rejected_rows = 0,
        superseded_rows = 0
    WHERE upl.upload_id = p_upload_id;
END;

COMMENT ON FUNCTION load.fail IS
'Marks the upload as failed; the loader ends it after the hook that called this returns. p_detail: the values, such as missing columns.';

REVOKE ALL ON FUNCTION load.fail FROM PUBLIC;
