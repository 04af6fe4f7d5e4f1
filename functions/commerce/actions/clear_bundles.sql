-- commerce.clear_bundles()
-- Deletes bundles of a run: all, or those of a marker such as checkpoints.
-- requires: commerce.require_upload(), commerce.rank_bundles()
-- source:   docs/commerce.md, "Checkpoints and previews"

CREATE OR REPLACE FUNCTION commerce.clear_bundles(
    p_upload_id uuid, p_reference_prefix text DEFAULT NULL, p_keep_best integer DEFAULT 0
)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself  -- bundles that a machine proposes are no decisions
AS $$
DECLARE
    v_upload commerce.upload := commerce.require_upload(p_upload_id);
    v_deleted bigint;
BEGIN
    DELETE FROM commerce.bundle_recommendations AS bun
    USING (
        SELECT
            each.id,
            row_number() OVER (ORDER BY each.ranking_score DESC, each.confidence DESC, each.dedupe_key ASC) AS place
        FROM commerce.bundle_recommendations AS each
        WHERE each.csv_upload_id = v_upload.canonical_upload_id
            -- LIKE would read the underscores of a marker as wildcards
            AND (p_reference_prefix IS NULL OR starts_with(each.discount_reference, p_reference_prefix))
    ) AS chosen
    WHERE bun.id = chosen.id AND chosen.place > p_keep_best;
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    PERFORM commerce.rank_bundles(ARRAY[v_upload.canonical_upload_id]);
    RETURN v_deleted;
END;
$$;

COMMENT ON FUNCTION commerce.clear_bundles IS
'p_upload_id: any upload of the run. p_reference_prefix: __partial__ for checkpoints, __quick_start_ for previews, NULL for every bundle, approved ones too. p_keep_best: so many of the chosen ones stay. Returns how many went. Raises P0002.';

REVOKE ALL ON FUNCTION commerce.clear_bundles FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.clear_bundles TO tidemark_app;
