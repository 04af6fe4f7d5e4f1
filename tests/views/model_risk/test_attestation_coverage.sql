-- model_risk.attestation_coverage: each active tier of a cycle against the target in force.
BEGIN;
SELECT plan(16);
SET LOCAL tidemark.as_of = '2025-06-30';

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'Owner', 'USER', 901);
-- columns these tests do not care about
ALTER TABLE model_risk.models
ALTER model_name SET DEFAULT 'Model', ALTER development_type SET DEFAULT 'In-House', ALTER owner_id SET DEFAULT 901,
ALTER status SET DEFAULT 'Active', ALTER created_at SET DEFAULT '2020-01-01 12:00+00';
ALTER TABLE model_risk.validation_requests
ALTER validation_type SET DEFAULT 'COMPREHENSIVE', ALTER current_status SET DEFAULT 'APPROVED',
ALTER priority SET DEFAULT 'STANDARD', ALTER request_date SET DEFAULT '2020-01-01',
ALTER target_completion_date SET DEFAULT '2020-06-30', ALTER created_at SET DEFAULT '2020-01-01 12:00+00',
ALTER updated_at SET DEFAULT '2020-01-01 12:00+00';
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES
(901, 'T1', 'One', 1, true), (902, 'T2', 'Two', 2, true), (903, 'T3', 'Empty', 3, true), (904, 'T4', 'Inactive', 4, false);
INSERT INTO model_risk.models (model_id, risk_tier_id) VALUES
(901, 901), (902, 901), (903, 901), (904, 902), (905, 904), (906, NULL), (907, 902);
INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status) VALUES
(901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'OPEN'), (902, 'Q2', '2025-04-01', '2025-06-30', '2025-07-15', 'PENDING');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status) VALUES
(901, 901, 901, '2025-04-15', 'ACCEPTED'), (901, 902, 901, '2025-04-15', 'SUBMITTED'), (901, 903, 901, '2025-04-15', 'PENDING'),
(901, 904, 901, '2025-04-15', 'ADMIN_REVIEW'), (901, 905, 901, '2025-04-15', 'PENDING'), (901, 906, 901, '2025-04-15', 'PENDING'),
(901, 907, 901, '2025-04-15', 'REJECTED');
INSERT INTO model_risk.attestation_coverage_targets
(target_id, risk_tier_id, target_percentage, is_blocking, effective_date, end_date) VALUES
(901, 901, 66.67, true, '2025-06-10', '2025-06-20'), (902, 901, 50, false, '2025-06-25', NULL),
(903, 903, 100, true, '2025-01-01', NULL);

SELECT results_eq(
    'SELECT * FROM model_risk.attestation_coverage WHERE cycle_id = 901 ORDER BY sort_order',
    $$VALUES
    (901, 901, 'One', 1, 3::bigint, 2::bigint, 66.67, 50.00::numeric, false, true, 1::bigint, 1::bigint),
    (901, 902, 'Two', 2, 2, 0, 0.00, 100, false, false, 2, 0),
    (901, 903, 'Empty', 3, 0, 0, 100.00, 100.00, true, true, 0, 0)$$,
    'Accepted and submitted are attested; an empty tier is covered; models without tier or in an inactive one are left out'
);
SELECT results_eq(
    'SELECT risk_tier_id, coverage_pct, meets_target FROM model_risk.attestation_coverage WHERE cycle_id = 902 ORDER BY sort_order',
    'VALUES (901, 100.00, true), (902, 100.00, true), (903, 100.00, true)', 'A cycle without records is covered in every tier'
);

CREATE FUNCTION pg_temp.target_on(p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (
        SELECT concat_ws(' ', round(cov.target_pct, 2), cov.is_blocking, cov.meets_target)
        FROM model_risk.attestation_coverage AS cov WHERE cov.cycle_id = 901 AND cov.risk_tier_id = 901
    );
END;
$$;
CREATE TEMPORARY TABLE boundary (claim text, day text, expected text);
INSERT INTO boundary VALUES
('The day before the first target starts it is 100 % and blocks nothing', '2025-06-09', '100.00 f f'),
('The day a target starts it is in force; 66.67 % is not met by two of three', '2025-06-10', '66.67 t f'),
('The day after a target started it is in force', '2025-06-11', '66.67 t f'),
('The day before a target ends it is in force', '2025-06-19', '66.67 t f'),
('The day a target ends it is in force', '2025-06-20', '66.67 t f'),
('The day after a target ended it is 100 % and blocks nothing', '2025-06-21', '100.00 f f'),
('Between two targets it is 100 % and blocks nothing', '2025-06-24', '100.00 f f'),
('The next target starts on its day', '2025-06-25', '50.00 f t'),
('A target without end stays in force', '2035-06-25', '50.00 f t');
SELECT is(pg_temp.target_on(day), expected, claim) FROM boundary;

UPDATE model_risk.attestation_coverage_targets SET target_percentage = 66.66 WHERE target_id = 902;
SELECT is(pg_temp.target_on('2025-06-30'), '66.66 f t', 'Two of three meet a target just below two thirds');
INSERT INTO model_risk.attestation_coverage_targets
(target_id, risk_tier_id, target_percentage, is_blocking, effective_date) VALUES (904, 901, 10, true, '2025-06-25');
SELECT is(pg_temp.target_on('2025-06-30'), '10.00 t t', 'Of two targets in force the later one counts, then the greater number');
INSERT INTO model_risk.attestation_coverage_targets
(target_id, risk_tier_id, target_percentage, is_blocking, effective_date) VALUES (906, 902, 30, true, '2025-06-01'), (907, 902, 20, true, '2025-01-01');
SELECT is(
    (SELECT cov.target_pct FROM model_risk.attestation_coverage AS cov WHERE cov.cycle_id = 901 AND cov.risk_tier_id = 902), 30.00,
    'The target that started last counts, whatever its number'
);
UPDATE model_risk.models SET risk_tier_id = 902 WHERE model_id = 903;
SELECT is(
    (SELECT total_models FROM model_risk.attestation_coverage WHERE cycle_id = 901 AND risk_tier_id = 902), 3::bigint,
    'A record follows its model into the tier it has now'
);
SELECT results_eq(
    'SELECT count(*), count(DISTINCT (cycle_id, risk_tier_id)) FROM model_risk.attestation_coverage',
    'SELECT count(*), count(*) FROM model_risk.attestation_cycles CROSS JOIN model_risk.risk_tiers WHERE is_active',
    'There is one row a cycle and active tier'
);
SELECT * FROM finish();
ROLLBACK;
