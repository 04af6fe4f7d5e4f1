-- bi.model_risk_attestation_cycle
-- How far each attestation cycle has come.
-- grain:    one row per attestation cycle
-- requires: model_risk.attestation_cycle_count_by_cycle, access.sees_all()
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_attestation_cycle WITH (security_barrier) AS
SELECT
    cyc.cycle_id,
    cyc.cycle_name,
    cyc.period_start_date AS period_starts_on,
    cyc.period_end_date AS period_ends_on,
    cyc.submission_due_date AS submission_due_on,
    cyc.cycle_status,
    cyc.total_records,
    cyc.pending_count,
    cyc.submitted_count,
    cyc.accepted_count,
    cyc.coverage_pct
FROM model_risk.attestation_cycle_count_by_cycle AS cyc
WHERE (SELECT access.sees_all('model_risk'));

COMMENT ON VIEW bi.model_risk_attestation_cycle IS
'Attestation records per cycle. Grain: one row per cycle. Key: cycle_id. Data as of: model_risk.attestation_cycle_count_by_cycle, see bi.freshness.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.cycle_id IS 'Number of the cycle.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.cycle_name IS 'Name of the cycle.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.period_starts_on IS 'First day of the period.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.period_ends_on IS 'Last day of the period.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.submission_due_on IS 'Last day to attest.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.cycle_status IS 'PENDING, OPEN, UNDER_REVIEW or CLOSED.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.total_records IS 'Records of the cycle.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.pending_count IS 'Not attested yet.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.submitted_count IS 'Attested, not yet accepted.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.accepted_count IS 'Accepted.';
COMMENT ON COLUMN bi.model_risk_attestation_cycle.coverage_pct IS 'Accepted in percent of all records, 0 to 100; 0 without records.';

GRANT SELECT ON bi.model_risk_attestation_cycle TO tidemark_bi;
