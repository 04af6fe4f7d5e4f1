-- commerce.set_generation_status()
-- Moves the generation of a run on: running, completed, or one of its failures.
-- requires: commerce.require_upload(), commerce.clear_bundles()
-- source:   docs/commerce.md, "Generation"

CREATE OR REPLACE FUNCTION commerce.set_generation_status(p_upload_id uuid, p_status text, p_metrics jsonb DEFAULT NULL)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_failures CONSTANT text[] := ARRAY[
        'bundle_generation_failed', 'bundle_generation_timed_out', 'bundle_generation_cancelled'
    ];
    v_upload commerce.upload := commerce.require_upload(p_upload_id);
    v_before text;
BEGIN
    IF p_status IS NULL OR p_status <> ALL (c_failures || ARRAY['generating_bundles', 'bundle_generation_completed']) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a status a generation moves to', coalesce(p_status, 'NULL')),
            DETAIL = format('It may become generating_bundles, bundle_generation_completed, %s.', array_to_string(c_failures, ', ')),
            HINT = 'Queue it with commerce.request_generation(), start over with commerce.retry_generation().';
    END IF;
    SELECT upl.status INTO STRICT v_before
    FROM commerce.csv_uploads AS upl
    WHERE upl.id = v_upload.canonical_upload_id
    FOR NO KEY UPDATE;
    IF v_before = ANY (c_failures) THEN
        RETURN v_before;  -- final: a worker that comes late does not undo it
    END IF;
    IF v_before NOT IN ('bundle_generation_queued', 'generating_bundles', 'bundle_generation_completed')
        OR (v_before = 'bundle_generation_completed' AND p_status <> v_before) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the generation of upload %s cannot become %s', v_upload.canonical_upload_id, p_status),
            DETAIL = format('The upload is %s.', v_before),
            HINT = 'Ask for a generation with commerce.request_generation() first.';
    END IF;

    UPDATE commerce.csv_uploads AS upl
    SET
        status = p_status,
        bundle_generation_metrics = coalesce(p_metrics, upl.bundle_generation_metrics),
        updated_at = clock_timestamp()
    WHERE upl.id = v_upload.canonical_upload_id;
    IF p_status = 'bundle_generation_completed' AND v_before <> p_status THEN
        -- what was shown or kept while it ran gives way to the result
        PERFORM commerce.clear_bundles(v_upload.canonical_upload_id, '__partial__');
        PERFORM commerce.clear_bundles(v_upload.canonical_upload_id, '__quick_start_');
    END IF;
    RETURN p_status;
END;
$$;

COMMENT ON FUNCTION commerce.set_generation_status IS
'p_upload_id: any upload of the run. Returns the status in force: a final failure stays. Completing deletes checkpoints and previews. Raises P0002, 22023 for another status, 55000 when no generation was asked for.';

REVOKE ALL ON FUNCTION commerce.set_generation_status FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.set_generation_status TO tidemark_app;
