-- commerce.require_run()
-- The upload that owns what is derived from a run, or a clear error.
-- requires: nothing
-- source:   docs/commerce.md, "Runs and canonical uploads"

CREATE OR REPLACE FUNCTION commerce.require_run(p_shop_id text, p_run_id text)
RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_canonical_id uuid;
BEGIN
    SELECT upl.id INTO v_canonical_id
    FROM commerce.csv_uploads AS upl
    WHERE upl.shop_id = p_shop_id AND upl.run_id = p_run_id AND upl.csv_type = 'orders' AND upl.status <> 'failed'
    ORDER BY upl.created_at DESC, upl.upload_no DESC
    LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('run %s of shop %s has no orders', coalesce(p_run_id, 'NULL'), coalesce(p_shop_id, 'NULL')),
            DETAIL = 'Its newest orders upload that did not fail owns rules and bundles; there is none.',
            HINT = 'Load an orders file for this run first; commerce.run lists the runs.';
    END IF;
    RETURN v_canonical_id;
END;
$$;

COMMENT ON FUNCTION commerce.require_run IS 'The canonical upload of the run. Raises P0002 when the run has no orders upload.';

REVOKE ALL ON FUNCTION commerce.require_run FROM PUBLIC;
