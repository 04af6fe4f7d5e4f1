-- commerce.approve_bundle()
-- Records the decision of a merchant about a bundle.
-- requires: audit.record()
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.approve_bundle(p_bundle_id uuid, p_is_approved boolean DEFAULT true)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_was_approved boolean;
BEGIN
    SELECT bun.is_approved INTO v_was_approved FROM commerce.bundle_recommendations AS bun WHERE bun.id = p_bundle_id FOR UPDATE;
    UPDATE commerce.bundle_recommendations AS bun
    SET is_approved = p_is_approved, updated_at = clock_timestamp()
    WHERE bun.id = p_bundle_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('there is no bundle %s', coalesce(p_bundle_id::text, 'NULL')),
            DETAIL = 'No row of commerce.bundle_recommendations has this id.',
            HINT = 'List the bundles of a run with commerce.bundles_of().';
    END IF;
    PERFORM audit.record('commerce', 'bundle_recommendations', p_bundle_id::text, CASE WHEN p_is_approved THEN 'APPROVE' ELSE 'TAKE_BACK' END,
        p_before => jsonb_build_object('is_approved', v_was_approved), p_after => jsonb_build_object('is_approved', p_is_approved));
END;
$$;

COMMENT ON FUNCTION commerce.approve_bundle IS
'Approves, or takes the approval back. Later saves of the same bundle keep it. Raises P0002.';

REVOKE ALL ON FUNCTION commerce.approve_bundle FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.approve_bundle TO tidemark_app;
