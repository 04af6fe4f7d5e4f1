-- attestation_coverage_report() and attestation_coverage_summary(): tiers in order, their sums, and whether the cycle may be closed.
BEGIN;
SELECT plan(10);
SET LOCAL tidemark.as_of = '2025-06-30';

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'Owner', 'USER', 901);
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES
(901, 'T1', 'One', 2, true), (902, 'T2', 'Two', 1, true), (903, 'T3', 'Same place', 2, true), (904, 'T4', 'Inactive', 0, false);
INSERT INTO model_risk.models (model_id, model_name, risk_tier_id, development_type, owner_id, status, created_at)
SELECT id, 'M', tier, 'In-House', 901, 'Active', '2020-01-01'
FROM (VALUES (901, 901), (902, 901), (903, 901), (904, 902), (905, 904), (906, NULL)) AS model (id, tier);
INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status) VALUES
(901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'OPEN'), (902, 'Q2', '2025-04-01', '2025-06-30', '2025-07-15', 'PENDING');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status) VALUES
(901, 901, 901, '2025-04-15', 'ACCEPTED'), (901, 902, 901, '2025-04-15', 'SUBMITTED'), (901, 903, 901, '2025-04-15', 'PENDING'),
(901, 904, 901, '2025-04-15', 'REJECTED'), (901, 905, 901, '2025-04-15', 'PENDING'), (901, 906, 901, '2025-04-15', 'PENDING');
INSERT INTO model_risk.attestation_coverage_targets (risk_tier_id, target_percentage, is_blocking, effective_date, end_date) VALUES
(901, 66.66, true, '2025-01-01', '2025-06-30'), (901, 66.67, true, '2025-07-01', NULL), (902, 50, false, '2025-01-01', NULL);

SELECT results_eq(
    'SELECT * FROM model_risk.attestation_coverage_report(901)',
    $$VALUES
    (902, 'Two', 1::bigint, 0::bigint, 0.00, 50.00::numeric, false, false, 1::bigint),
    (901, 'One', 3, 2, 66.67, 66.66, true, true, 1),
    (903, 'Same place', 0, 0, 100.00, 100, false, true, 0)$$,
    'Active tiers come in their order, then by number; models without tier or in an inactive one are left out'
);
SELECT results_eq(
    'SELECT * FROM model_risk.attestation_coverage_summary(901)',
    'VALUES (4::bigint, 2::bigint, 50.00, true, 0::bigint, 1::bigint)',
    'A tier that does not block leaves the cycle closable; only pending records of listed tiers are not attested'
);
SELECT results_eq(
    $$SELECT can_close_cycle, blocking_gap_count FROM model_risk.attestation_coverage_summary(901, '2025-07-01')$$,
    'VALUES (false, 1::bigint)', 'The day a stricter target begins two of three no longer reach 66.67 percent'
);
SELECT results_eq(
    $$SELECT coverage_pct, target_pct, meets_target FROM model_risk.attestation_coverage_report(901, '2025-07-01') WHERE risk_tier_id = 901$$,
    'VALUES (66.67, 66.67::numeric, false)', 'Rounding does not let a tier pass'
);
SELECT results_eq(
    $$SELECT target_pct, is_blocking FROM model_risk.attestation_coverage_report(901, '2024-12-31') WHERE risk_tier_id = 901$$,
    'VALUES (100::numeric, false)', 'Before the first target the whole tier is asked for, but blocks nothing'
);
SELECT results_eq(
    'SELECT * FROM model_risk.attestation_coverage_summary(902)',
    'VALUES (0::bigint, 0::bigint, 100.00, true, 0::bigint, 0::bigint)', 'A cycle without records is covered and closable'
);
SELECT is(
    (SELECT coverage_pct FROM model_risk.attestation_cycle_list() WHERE cycle_id = 902), 0.00,
    'The list shows the same cycle at zero: there only accepted records count'
);
UPDATE model_risk.risk_tiers SET is_active = false;
SELECT is_empty('SELECT * FROM model_risk.attestation_coverage_report(901)', 'Without active tiers nothing is listed');
SELECT results_eq(
    'SELECT * FROM model_risk.attestation_coverage_summary(901)',
    'VALUES (0::bigint, 0::bigint, 100.00, true, 0::bigint, 0::bigint)', 'Without active tiers the summary is one empty row'
);
SELECT is(refresh.as_of_date(), '2025-06-30'::date, 'The session keeps its day');
SELECT * FROM finish();
ROLLBACK;
