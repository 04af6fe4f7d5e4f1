-- bi.model_risk_attestation_coverage
-- Coverage of each attestation cycle by tier, against the targets in force today.
-- grain:    one row per attestation cycle and active tier
-- requires: model_risk.attestation_coverage, access.sees_all()
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_attestation_coverage WITH (security_barrier) AS
SELECT
    cov.cycle_id,
    cyc.cycle_name,
    cov.risk_tier_id,
    cov.tier_label,
    cov.total_models,
    cov.attested_count,
    cov.coverage_pct,
    cov.target_pct,
    cov.is_blocking,
    cov.meets_target,
    cov.gap AS gap_count
FROM model_risk.attestation_coverage AS cov
INNER JOIN model_risk.attestation_cycles AS cyc ON cov.cycle_id = cyc.cycle_id
WHERE (SELECT access.sees_all('model_risk'));

COMMENT ON VIEW bi.model_risk_attestation_coverage IS
'Attested models per cycle and tier. Grain: one row per cycle and active tier. Key: cycle_id, risk_tier_id. Data as of: now, it is computed when read.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.cycle_id IS 'Number of the cycle.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.cycle_name IS 'Name of the cycle.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.risk_tier_id IS 'Number of the tier.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.tier_label IS 'Label of the tier.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.total_models IS 'Records whose model has this tier now.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.attested_count IS 'Of these, accepted or submitted.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.coverage_pct IS 'attested_count in percent of total_models, 0 to 100; 100 without records.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.target_pct IS 'Target in force today, 0 to 100.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.is_blocking IS 'Below its target, this tier keeps the cycle from being closed.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.meets_target IS 'The unrounded coverage reaches the target.';
COMMENT ON COLUMN bi.model_risk_attestation_coverage.gap_count IS 'Records not attested.';

GRANT SELECT ON bi.model_risk_attestation_coverage TO tidemark_bi;
