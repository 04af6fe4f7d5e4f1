-- model_risk.attestation_coverage_summary()
-- Coverage of one attestation cycle over all tiers, and whether the cycle may be closed.
-- requires: model_risk.attestation_coverage, model_risk.require_attestation_cycle(), model_risk.coverage_percentage(),
-- requires: refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Attestation coverage"

CREATE OR REPLACE FUNCTION model_risk.attestation_coverage_summary(
    p_cycle_id integer, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    total_models bigint,
    attested_count bigint,
    coverage_pct numeric,
    can_close_cycle boolean,
    blocking_gap_count bigint,
    not_attested_count bigint
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
        coalesce(sum(cov.total_models), 0)::bigint,
        coalesce(sum(cov.attested_count), 0)::bigint,
        CASE
            WHEN sum(cov.total_models) > 0
                THEN model_risk.coverage_percentage(
                    sum(cov.attested_count)::bigint, sum(cov.total_models)::bigint
                )
            ELSE 100.00
        END,
        coalesce(bool_and(cov.meets_target OR NOT cov.is_blocking), true),
        count(*) FILTER (WHERE cov.is_blocking AND NOT cov.meets_target),
        coalesce(sum(cov.not_attested_count), 0)::bigint
    FROM model_risk.attestation_coverage AS cov
    WHERE cov.cycle_id = p_cycle_id;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.attestation_coverage_summary IS
'Sums over the active tiers; blocking_gap_count: blocking tiers below their target, none of which may remain when the cycle is closed. Raises P0002 for an unknown cycle, 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.attestation_coverage_summary FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.attestation_coverage_summary TO tidemark_app;
