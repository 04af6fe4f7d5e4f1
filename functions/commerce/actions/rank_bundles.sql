-- commerce.rank_bundles()
-- Numbers the bundles of uploads anew.
-- requires: nothing
-- source:   docs/commerce.md, "Ranking"

CREATE OR REPLACE FUNCTION commerce.rank_bundles(p_upload_ids uuid[])
RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp, records_itself  -- bundles that a machine proposes are no decisions
AS $$
DECLARE
    v_changed bigint;
BEGIN
    UPDATE commerce.bundle_recommendations AS bun
    SET rank_position = ranked.rank_position
    FROM (
        SELECT
            each.id,
            row_number() OVER (
                PARTITION BY each.csv_upload_id, starts_with(coalesce(each.discount_reference, ''), '__partial__')
                ORDER BY each.ranking_score DESC, each.confidence DESC, each.dedupe_key ASC
            ) AS rank_position
        FROM commerce.bundle_recommendations AS each
        WHERE each.csv_upload_id = ANY(p_upload_ids)
    ) AS ranked
    WHERE bun.id = ranked.id AND bun.rank_position IS DISTINCT FROM ranked.rank_position;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    RETURN v_changed;
END;
$$;

COMMENT ON FUNCTION commerce.rank_bundles IS
'1 is best: score, then confidence, then dedupe_key bytewise; checkpoints are numbered apart. Rows whose rank stays are not written. Returns how many changed.';

REVOKE ALL ON FUNCTION commerce.rank_bundles FROM PUBLIC;
