-- commerce.read_bundles()
-- Reads the records of a save of bundles: values with their defaults, and what is wrong with a record.
-- requires: commerce.upload, commerce.uuid_of(), commerce.bundle_variant_ids(), commerce.bundle_dedupe_key(),
-- requires: commerce.json_number(), load.trimmed()
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.read_bundles(p_bundles jsonb)
RETURNS TABLE (
    item_no integer,
    reason text,
    bundle_id uuid,
    csv_upload_id uuid,
    shop_id text,
    dedupe_key text,
    bundle_type text,
    objective text,
    products jsonb,
    pricing jsonb,
    ai_copy jsonb,
    confidence numeric,
    predicted_lift numeric,
    ranking_score numeric,
    support numeric,
    lift numeric,
    discount_reference text
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH given AS MATERIALIZED (
        SELECT
            entry.item_no,
            entry.record,
            upl.csv_upload_id IS NOT NULL AS is_known,
            upl.canonical_upload_id,
            upl.shop_id AS upload_shop_id,
            lower(nullif(load.trimmed(entry.record ->> 'shop_id'), '') COLLATE "C") AS explicit_shop_id,
            commerce.bundle_variant_ids(entry.record -> 'products') AS variant_ids,
            upper(coalesce(nullif(load.trimmed(entry.record ->> 'bundle_type'), ''), 'FBT') COLLATE "C") AS bundle_type,
            coalesce(nullif(load.trimmed(entry.record ->> 'objective'), ''), 'increase_aov') AS objective,
            coalesce(commerce.json_number(entry.record -> 'confidence'), 0.5) AS confidence,
            coalesce(
                commerce.json_number(entry.record -> 'predicted_lift'), commerce.json_number(entry.record -> 'lift'), 1
            ) AS predicted_lift,
            commerce.json_number(entry.record -> 'ranking_score') AS ranking_score,
            commerce.json_number(entry.record -> 'support') AS support,
            commerce.json_number(entry.record -> 'lift') AS lift,
            (
                SELECT bool_or(jsonb_typeof(entry.record -> number.name) NOT IN ('number', 'null'))
                FROM unnest(ARRAY['confidence', 'predicted_lift', 'ranking_score', 'support', 'lift']) AS number (name)
            ) AS has_bad_number
        FROM jsonb_array_elements(p_bundles) WITH ORDINALITY AS entry (record, item_no)
        LEFT JOIN commerce.upload AS upl ON commerce.uuid_of(entry.record ->> 'upload') = upl.csv_upload_id
    )

    SELECT
        given.item_no::integer,
        CASE
            WHEN NOT given.is_known THEN 'unknown_upload'
            WHEN given.explicit_shop_id <> given.upload_shop_id THEN 'shop_mismatch'
            WHEN coalesce(given.explicit_shop_id, given.upload_shop_id) IS NULL THEN 'missing_shop'
            WHEN given.variant_ids IS NULL THEN 'invalid_products'
            WHEN given.has_bad_number THEN 'bad_number'
            WHEN given.confidence NOT BETWEEN 0 AND 1
                -- the columns hold six digits before the point
                OR abs(given.predicted_lift) >= 999999.9999995
                OR abs(score.ranking_score) >= 999999.9999995
                OR abs(coalesce(given.support, 0)) >= 999999.9999995
                OR abs(coalesce(given.lift, 0)) >= 999999.9999995
                THEN 'out_of_range'
        END,
        commerce.uuid_of(given.record ->> 'id'),
        given.canonical_upload_id,
        coalesce(given.explicit_shop_id, given.upload_shop_id),
        commerce.bundle_dedupe_key(given.bundle_type, given.objective, given.variant_ids),
        given.bundle_type,
        given.objective,
        given.record -> 'products',
        coalesce(given.record -> 'pricing', '{}'),
        coalesce(given.record -> 'ai_copy', '{}'),
        round(given.confidence, 6),
        round(given.predicted_lift, 6),
        round(score.ranking_score, 6),
        round(given.support, 6),
        round(given.lift, 6),
        nullif(load.trimmed(given.record ->> 'discount_reference'), '')
    FROM given
    CROSS JOIN LATERAL (
        -- from the numbers as given, before they are rounded
        SELECT coalesce(given.ranking_score, given.confidence * given.predicted_lift) AS ranking_score
    ) AS score;
END;

COMMENT ON FUNCTION commerce.read_bundles IS
'One row per record, by its position from 1. reason: why it is not stored, NULL: it can be. csv_upload_id is the canonical upload of its run.';

REVOKE ALL ON FUNCTION commerce.read_bundles FROM PUBLIC;
