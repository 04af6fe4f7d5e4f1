-- load_internal.merge_rows()
-- Lets a domain write the rows of a checked file; on a dry run everything is taken back.
-- requires: load_internal.call_hook()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.merge_rows(p_upload_id bigint, p_merge_function text, p_is_dry_run boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_result jsonb;
BEGIN
    IF p_is_dry_run THEN
        BEGIN
            v_result := load_internal.call_hook(p_merge_function, p_upload_id);
            RAISE EXCEPTION USING ERRCODE = 'TML01', MESSAGE = 'end of the dry run';
        EXCEPTION
            WHEN SQLSTATE 'TML01' THEN
                NULL;  -- the writes are gone, the result is kept
        END;
    ELSE
        v_result := load_internal.call_hook(p_merge_function, p_upload_id);
    END IF;
    UPDATE load.uploads AS upl
    SET merge_result = v_result, load_status = CASE WHEN p_is_dry_run THEN 'checked' ELSE 'loaded' END
    WHERE upl.upload_id = p_upload_id AND upl.load_status <> 'failed';
END;
$$;

COMMENT ON FUNCTION load_internal.merge_rows IS
'Calls the merge function and keeps its counts. The dry run is undone by an exception of its own, TML01, which never leaves this function.';

REVOKE ALL ON FUNCTION load_internal.merge_rows FROM PUBLIC;
