-- commerce.request_generation()
-- Asks for bundles of a run: queued if its data suffice, otherwise told why not.
-- requires: commerce.require_upload(), commerce.run_coverage, commerce.readiness(), refresh.now()
-- source:   docs/commerce.md, "Generation"

CREATE OR REPLACE FUNCTION commerce.request_generation(p_upload_id uuid)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload commerce.upload := commerce.require_upload(p_upload_id);
    v_canonical commerce.csv_uploads;
    v_coverage commerce.run_coverage;
BEGIN
    SELECT upl.* INTO STRICT v_canonical
    FROM commerce.csv_uploads AS upl
    WHERE upl.id = v_upload.canonical_upload_id
    FOR NO KEY UPDATE;
    IF v_canonical.status IN ('ingestion_incomplete', 'blocked_missing_catalog') THEN
        -- asked too early before; its own file is loaded, so it is judged like any other now
        UPDATE commerce.csv_uploads AS upl SET status = 'completed' WHERE upl.id = v_canonical.id;
    END IF;
    SELECT cov.* INTO v_coverage
    FROM commerce.run_coverage AS cov
    WHERE cov.shop_id = v_canonical.shop_id AND cov.run_id = v_canonical.run_id;
    v_coverage.readiness := coalesce(v_coverage.readiness, 'waiting');  -- no shop yet

    IF v_coverage.readiness = 'incomplete' THEN
        UPDATE commerce.csv_uploads AS upl
        SET
            status = 'ingestion_incomplete',
            bundle_generation_metrics = jsonb_build_object('coverage', to_jsonb(v_coverage)),
            updated_at = clock_timestamp()
        WHERE upl.id = v_canonical.id;
    ELSIF v_coverage.readiness = 'ready' THEN
        UPDATE commerce.csv_uploads AS upl
        SET status = 'bundle_generation_queued', updated_at = clock_timestamp()
        WHERE upl.id = v_canonical.id;
        INSERT INTO commerce.generation_progress (csv_upload_id, shop_id, step, progress, status, updated_at)
        VALUES (v_canonical.id, v_canonical.shop_id, 'queueing', 0, 'in_progress', refresh.now())
        ON CONFLICT (csv_upload_id) DO UPDATE
        SET
            step = excluded.step, progress = excluded.progress, status = excluded.status, message = NULL, metadata = NULL,
            updated_at = excluded.updated_at;
    END IF;
    RETURN v_coverage.readiness;
END;
$$;

COMMENT ON FUNCTION commerce.request_generation IS
'p_upload_id: any upload of the run. Returns the readiness found: ready means it is queued now; incomplete sets ingestion_incomplete on the orders upload and keeps the coverage that stopped it; waiting, started, done and generation_failed change nothing. Raises P0002.';

REVOKE ALL ON FUNCTION commerce.request_generation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.request_generation TO tidemark_app;
