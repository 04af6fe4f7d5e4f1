-- commerce.bundles_of()
-- The bundles of a run, best first.
-- requires: commerce.upload
-- source:   docs/commerce.md, "Ranking"

CREATE OR REPLACE FUNCTION commerce.bundles_of(
    p_upload_id uuid, p_limit integer DEFAULT 50, p_checkpoints boolean DEFAULT false
)
RETURNS SETOF commerce.bundle_recommendations LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT bun.*
    FROM commerce.upload AS upl
    INNER JOIN commerce.bundle_recommendations AS bun ON upl.canonical_upload_id = bun.csv_upload_id
    WHERE upl.csv_upload_id = p_upload_id
        AND starts_with(coalesce(bun.discount_reference, ''), '__partial__') = p_checkpoints
    ORDER BY bun.rank_position
    LIMIT p_limit;
$$;

COMMENT ON FUNCTION commerce.bundles_of IS
'p_upload_id: any upload of the run. By rank; p_checkpoints: those of an unfinished generation instead. None when the upload is unknown.';

REVOKE ALL ON FUNCTION commerce.bundles_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.bundles_of TO tidemark_app;
