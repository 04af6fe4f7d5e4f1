-- commerce.save_bundles()
-- Stores a list of bundles in one call: new ones are added, known ones overwritten, all ranked.
-- requires: commerce.read_bundles(), commerce.rank_bundles()
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.save_bundles(
    p_bundles jsonb,
    OUT save_id bigint,
    OUT inserted integer,
    OUT updated integer,
    OUT rejected integer,
    OUT duplicates integer,
    OUT issues jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself  -- bundles that a machine proposes are no decisions
AS $$
#variable_conflict use_column
DECLARE
    v_started_at timestamptz := clock_timestamp();
    v_upload_ids uuid[];
BEGIN
    IF jsonb_typeof(p_bundles) IS DISTINCT FROM 'array' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'bundles must be a JSON list',
            DETAIL = format('It is %s.', coalesce(jsonb_typeof(p_bundles), 'NULL')),
            HINT = 'Give a list of records, [] if there are none.';
    END IF;

    -- Saves for one upload come one after the other, or each would rank without the other's rows. Locked in the order of the keys, so that two
    -- never wait for each other.
    SELECT array_agg(target.csv_upload_id)
    INTO v_upload_ids
    FROM (
        SELECT DISTINCT red.csv_upload_id
        FROM commerce.read_bundles(p_bundles) AS red
        WHERE red.reason IS NULL
    ) AS target;
    PERFORM FROM commerce.csv_uploads AS upl WHERE upl.id = ANY (v_upload_ids) ORDER BY upl.id FOR NO KEY UPDATE;

    WITH red AS MATERIALIZED (
        SELECT
            given.*,
            -- of the same bundle given twice the better one stays, on a tie the earlier
            row_number() OVER (
                PARTITION BY given.reason IS NULL, given.csv_upload_id, given.dedupe_key
                ORDER BY given.ranking_score DESC, given.confidence DESC, given.item_no ASC
            ) AS place
        FROM commerce.read_bundles(p_bundles) AS given
    ),
    kept AS MATERIALIZED (
        SELECT
            red.*,
            -- an id counts for a new row only, and only while nothing else has it
            red.bundle_id IS NOT NULL
            AND row_number() OVER (PARTITION BY red.bundle_id ORDER BY red.item_no) = 1
            AND NOT EXISTS (
                SELECT FROM commerce.bundle_recommendations AS bun WHERE bun.id = red.bundle_id
            ) AS has_free_id
        FROM red
        WHERE red.reason IS NULL AND red.place = 1
    ),
    written AS (
        INSERT INTO commerce.bundle_recommendations AS bun (
            id, csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy,
            confidence, predicted_lift, ranking_score, support, lift, discount_reference, created_at, updated_at
        )
        SELECT
            CASE WHEN kept.has_free_id THEN kept.bundle_id ELSE gen_random_uuid() END,
            kept.csv_upload_id, kept.shop_id, kept.dedupe_key, kept.bundle_type, kept.objective, kept.products,
            kept.pricing, kept.ai_copy, kept.confidence, kept.predicted_lift, kept.ranking_score, kept.support,
            kept.lift, kept.discount_reference, clock_timestamp(), clock_timestamp()
        FROM kept
        ORDER BY kept.csv_upload_id, kept.dedupe_key
        ON CONFLICT (csv_upload_id, dedupe_key) DO UPDATE
        SET
            shop_id = excluded.shop_id,
            products = excluded.products,
            pricing = excluded.pricing,
            ai_copy = excluded.ai_copy,
            confidence = excluded.confidence,
            predicted_lift = excluded.predicted_lift,
            ranking_score = excluded.ranking_score,
            support = excluded.support,
            lift = excluded.lift,
            discount_reference = excluded.discount_reference,
            updated_at = excluded.updated_at
        WHERE (
                bun.shop_id, bun.products, bun.pricing, bun.ai_copy, bun.confidence, bun.predicted_lift,
                bun.ranking_score, bun.support, bun.lift, bun.discount_reference
            ) IS DISTINCT FROM (
                excluded.shop_id, excluded.products, excluded.pricing, excluded.ai_copy, excluded.confidence,
                excluded.predicted_lift, excluded.ranking_score, excluded.support, excluded.lift,
                excluded.discount_reference
            )
        RETURNING xmax = 0 AS is_new
    )
    SELECT
        (SELECT count(*) FROM written WHERE written.is_new),
        count(*) FILTER (WHERE red.reason IS NOT NULL),
        count(*) FILTER (WHERE red.reason IS NULL AND red.place > 1),
        count(*) FILTER (WHERE red.reason IS NULL AND red.place = 1),
        coalesce(jsonb_agg(
            jsonb_build_object('item_no', red.item_no, 'reason', coalesce(red.reason, 'duplicate_bundle'))
            ORDER BY red.item_no
        ) FILTER (WHERE red.reason IS NOT NULL OR red.place > 1), '[]')
    INTO inserted, rejected, duplicates, updated, issues
    FROM red;
    updated := updated - inserted;

    PERFORM commerce.rank_bundles(v_upload_ids);

    INSERT INTO commerce.bundle_saves (
        saved_at, duration_ms, record_count, inserted_count, updated_count, rejected_count, duplicate_count
    )
    VALUES (
        v_started_at, extract(EPOCH FROM clock_timestamp() - v_started_at) * 1000, jsonb_array_length(p_bundles),
        inserted, updated, rejected, duplicates
    )
    RETURNING save_id INTO save_id;
    INSERT INTO commerce.bundle_save_issues (save_id, item_no, reason)
    SELECT save_bundles.save_id, iss.item_no, iss.reason
    FROM jsonb_to_recordset(issues) AS iss (item_no integer, reason text);
END;
$$;

COMMENT ON FUNCTION commerce.save_bundles IS
'Any number of records in one transaction; saving the same list again changes nothing. updated counts records that met a bundle saved before. issues: [{item_no, reason}], kept in commerce.bundle_save_issues. Approval, use, id and creation time of known bundles stay. Raises 22023 when p_bundles is no list.';

REVOKE ALL ON FUNCTION commerce.save_bundles FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.save_bundles TO tidemark_app;
