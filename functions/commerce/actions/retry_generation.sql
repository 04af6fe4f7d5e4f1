-- commerce.retry_generation()
-- Lets a generation start over.
-- requires: commerce.require_upload(), refresh.now()
-- source:   docs/commerce.md, "Generation"

CREATE OR REPLACE FUNCTION commerce.retry_generation(p_upload_id uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload commerce.upload := commerce.require_upload(p_upload_id);
    v_before text;
BEGIN
    SELECT upl.status INTO STRICT v_before
    FROM commerce.csv_uploads AS upl
    WHERE upl.id = v_upload.canonical_upload_id
    FOR NO KEY UPDATE;
    IF v_before NOT IN ('bundle_generation_queued', 'generating_bundles', 'bundle_generation_failed') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the generation of upload %s cannot be tried again', v_upload.canonical_upload_id),
            DETAIL = format('The upload is %s.', v_before),
            HINT = 'Only a queued, running or failed generation starts over; load the orders again otherwise.';
    END IF;
    UPDATE commerce.csv_uploads AS upl
    SET status = 'completed', updated_at = clock_timestamp()
    WHERE upl.id = v_upload.canonical_upload_id;
    UPDATE commerce.generation_progress AS pro
    SET step = 'queueing', progress = 0, status = 'in_progress', message = NULL, metadata = NULL, updated_at = refresh.now()
    WHERE pro.csv_upload_id = v_upload.canonical_upload_id;
END;
$$;

COMMENT ON FUNCTION commerce.retry_generation IS
'p_upload_id: any upload of the run. Its orders upload is completed again and its progress back at queueing, 0 %; ask with commerce.request_generation() next. Raises P0002, or 55000 in any other status.';

REVOKE ALL ON FUNCTION commerce.retry_generation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.retry_generation TO tidemark_app;
