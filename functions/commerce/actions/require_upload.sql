-- commerce.require_upload()
-- The upload with this id, or a clear error.
-- requires: commerce.upload
-- source:   docs/commerce.md, "Runs and canonical uploads"

CREATE OR REPLACE FUNCTION commerce.require_upload(p_upload_id uuid)
RETURNS commerce.upload LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload commerce.upload;
BEGIN
    SELECT upl.* INTO v_upload FROM commerce.upload AS upl WHERE upl.csv_upload_id = p_upload_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('there is no upload %s', coalesce(p_upload_id::text, 'NULL')),
            DETAIL = 'No row of commerce.csv_uploads has this id.',
            HINT = 'Give the csv_upload_id that the load of a file returned.';
    END IF;
    RETURN v_upload;
END;
$$;

COMMENT ON FUNCTION commerce.require_upload IS 'The row of commerce.upload. Raises P0002 when there is none.';

REVOKE ALL ON FUNCTION commerce.require_upload FROM PUBLIC;
