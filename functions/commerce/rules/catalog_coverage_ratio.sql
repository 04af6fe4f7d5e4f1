-- commerce.catalog_coverage_ratio()
-- Share of the variants that the catalog describes.
-- requires: nothing
-- source:   docs/commerce.md, "Coverage and readiness"

CREATE OR REPLACE FUNCTION commerce.catalog_coverage_ratio(variants bigint, missing_catalog_variants bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN variants > 0 THEN round((variants - missing_catalog_variants)::numeric / variants, 6)
    ELSE 0.000000
END;

COMMENT ON FUNCTION commerce.catalog_coverage_ratio IS '0 to 1, 6 decimals; 0 when there are no variants.';
