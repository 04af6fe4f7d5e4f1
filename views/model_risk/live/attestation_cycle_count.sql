-- model_risk.attestation_cycle_count
-- Attestation records of each cycle by status, and the share accepted.
-- grain:    one row per attestation cycle
-- requires: model_risk.coverage_percentage()
-- source:   docs/model_risk.md, "Attestation cycles"

CREATE OR REPLACE VIEW model_risk.attestation_cycle_count AS
SELECT
    cyc.cycle_id,
    cyc.cycle_name,
    cyc.period_start_date,
    cyc.period_end_date,
    cyc.submission_due_date,
    cyc.status AS cycle_status,
    counted.total_records,
    counted.pending_count,
    counted.submitted_count,
    counted.accepted_count,
    model_risk.coverage_percentage(counted.accepted_count, counted.total_records) AS coverage_pct
FROM model_risk.attestation_cycles AS cyc
CROSS JOIN LATERAL (
    SELECT
        count(*) AS total_records,
        count(*) FILTER (WHERE rec.status = 'PENDING') AS pending_count,
        count(*) FILTER (WHERE rec.status = 'SUBMITTED') AS submitted_count,
        count(*) FILTER (WHERE rec.status = 'ACCEPTED') AS accepted_count
    FROM model_risk.attestation_records AS rec
    WHERE rec.cycle_id = cyc.cycle_id
) AS counted;

COMMENT ON VIEW model_risk.attestation_cycle_count IS
'Counts per cycle. Records under administrative review or rejected are only in total_records, so the three counts need not add up.';

GRANT SELECT ON model_risk.attestation_cycle_count TO tidemark_app, tidemark_operator;
