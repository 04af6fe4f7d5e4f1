-- commerce.bundle_variant_ids()
-- Reads the variants out of the products of a bundle, in either of their two shapes.
-- requires: nothing
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.bundle_variant_ids(products jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    -- one entry without an id spoils the list
    SELECT CASE WHEN bool_and(item.variant_id <> '') THEN array_agg(item.variant_id ORDER BY item.variant_id) END
    FROM (
        SELECT
            coalesce(
                CASE jsonb_typeof(entry.value)
                    WHEN 'string' THEN entry.value #>> '{}'
                    WHEN 'number' THEN entry.value #>> '{}'
                    WHEN 'object' THEN CASE
                        WHEN jsonb_typeof(entry.value -> 'variant_id') IN ('string', 'number')
                            THEN entry.value ->> 'variant_id'
                    END
                END, ''
            ) COLLATE "C" AS variant_id
        FROM jsonb_array_elements(
            CASE jsonb_typeof(products)
                WHEN 'array' THEN products
                WHEN 'object' THEN CASE
                    WHEN jsonb_typeof(products -> 'items') = 'array' THEN products -> 'items'
                END
            END
        ) AS entry (value)
    ) AS item
);

COMMENT ON FUNCTION commerce.bundle_variant_ids IS
'Variant ids sorted bytewise, repetitions kept; NULL when products is no list, empty, or has an entry without variant id.';
