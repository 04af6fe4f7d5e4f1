-- commerce.coverage_of()
-- How complete one run is, counted now.
-- requires: commerce.run_coverage
-- source:   docs/commerce.md, "Coverage and readiness"

CREATE OR REPLACE FUNCTION commerce.coverage_of(p_shop_id text, p_run_id text)
RETURNS SETOF commerce.run_coverage LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT cov.*
    FROM commerce.run_coverage AS cov
    WHERE cov.shop_id = coverage_of.p_shop_id AND cov.run_id = coverage_of.p_run_id;
$$;

COMMENT ON FUNCTION commerce.coverage_of IS
'One row, counted when asked; none when the run is unknown. commerce.upload_coverage has the same, kept.';

REVOKE ALL ON FUNCTION commerce.coverage_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.coverage_of TO tidemark_app;
