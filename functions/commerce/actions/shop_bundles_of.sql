-- commerce.shop_bundles_of()
-- The best bundles of a shop over all its runs.
-- requires: nothing
-- source:   docs/commerce.md, "Ranking"

CREATE OR REPLACE FUNCTION commerce.shop_bundles_of(p_shop_id text, p_limit integer DEFAULT 50)
RETURNS SETOF commerce.bundle_recommendations LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT bun.*
    FROM commerce.bundle_recommendations AS bun
    WHERE bun.shop_id = p_shop_id
        AND NOT starts_with(coalesce(bun.discount_reference, ''), '__partial__')
    ORDER BY bun.ranking_score DESC, bun.confidence DESC, bun.created_at DESC
    LIMIT p_limit;
$$;

COMMENT ON FUNCTION commerce.shop_bundles_of IS
'By score, confidence and creation time, all descending; checkpoints are left out.';

REVOKE ALL ON FUNCTION commerce.shop_bundles_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.shop_bundles_of TO tidemark_app;
