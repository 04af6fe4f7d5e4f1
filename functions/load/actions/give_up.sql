-- load.give_up()
-- Ends an upload whose file cannot be read.
-- requires: load_internal.require_mine(), load.fail(), load_internal.end_upload()
-- source:   docs/loading.md, "Files that fail"

CREATE OR REPLACE FUNCTION load.give_up(p_upload_id bigint, p_code text, p_detail text, p_message text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- what a text in the code means must not depend on the caller's session, nor in the hooks below
SET standard_conforming_strings = on
SET transform_null_equals = off
SET array_nulls = on
SET quote_all_identifiers = off
SET exit_on_error = off
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
AS $$
BEGIN
    PERFORM load_internal.require_mine(p_upload_id);
    PERFORM FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id AND upl.load_status IN ('staging', 'staged') FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE load.uploads AS upl SET staged_rows = 0 WHERE upl.upload_id = p_upload_id;
    PERFORM load.fail(p_upload_id, p_code, p_detail, p_message);
    PERFORM load_internal.end_upload(p_upload_id);
END;
$$;

COMMENT ON FUNCTION load.give_up IS
'For failures found while reading: too_large, malformed_csv, bad_encoding and the like. An upload that ended already is left alone.';

REVOKE ALL ON FUNCTION load.give_up FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.give_up TO tidemark_loader, tidemark_operator;
