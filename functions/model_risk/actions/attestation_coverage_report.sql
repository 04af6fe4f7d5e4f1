-- model_risk.attestation_coverage_report()
-- Coverage of one attestation cycle by tier, against the targets in force on a day.
-- requires: model_risk.attestation_coverage, model_risk.require_attestation_cycle(),
-- requires: refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Attestation coverage"

CREATE OR REPLACE FUNCTION model_risk.attestation_coverage_report(
    p_cycle_id integer, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    risk_tier_id integer,
    tier_label text,
    total_models bigint,
    attested_count bigint,
    coverage_pct numeric,
    target_pct numeric,
    is_blocking boolean,
    meets_target boolean,
    gap bigint
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    PERFORM model_risk.require_attestation_cycle(p_cycle_id);
    RETURN QUERY
    SELECT
        cov.risk_tier_id,
        cov.tier_label,
        cov.total_models,
        cov.attested_count,
        cov.coverage_pct,
        cov.target_pct,
        cov.is_blocking,
        cov.meets_target,
        cov.gap
    FROM model_risk.attestation_coverage AS cov
    WHERE cov.cycle_id = p_cycle_id
    ORDER BY cov.sort_order, cov.risk_tier_id;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.attestation_coverage_report IS
'One row per active tier in tier order. Attested means accepted or submitted. Raises P0002 for an unknown cycle, 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.attestation_coverage_report FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.attestation_coverage_report TO tidemark_app;
