-- model_risk.attestation_cycle_count: records by status, and the share accepted.
BEGIN;
SELECT plan(3);
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
INSERT INTO model_risk.models (model_id) SELECT id FROM generate_series(901, 907) AS id;
INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status) VALUES
(901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'CLOSED'),
(902, 'Q2', '2025-04-01', '2025-06-30', '2025-07-15', 'PENDING'),
(903, 'Q3', '2025-07-01', '2025-09-30', '2025-10-15', 'OPEN');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status) VALUES
(901, 901, 901, '2025-04-15', 'PENDING'), (901, 902, 901, '2025-04-15', 'SUBMITTED'),
(901, 903, 901, '2025-04-15', 'SUBMITTED'), (901, 904, 901, '2025-04-15', 'ADMIN_REVIEW'),
(901, 905, 901, '2025-04-15', 'REJECTED'), (901, 906, 901, '2025-04-15', 'ACCEPTED'),
(901, 907, 901, '2025-04-15', 'ACCEPTED'), (903, 901, 901, '2025-10-15', 'ACCEPTED');

SELECT results_eq(
    'SELECT * FROM model_risk.attestation_cycle_count WHERE cycle_id BETWEEN 901 AND 903 ORDER BY cycle_id',
    $$VALUES
    (901, 'Q1', '2025-01-01'::date, '2025-03-31'::date, '2025-04-15'::date, 'CLOSED', 7::bigint, 1::bigint, 2::bigint, 2::bigint,
        28.57),
    (902, 'Q2', '2025-04-01', '2025-06-30', '2025-07-15', 'PENDING', 0, 0, 0, 0, 0.00),
    (903, 'Q3', '2025-07-01', '2025-09-30', '2025-10-15', 'OPEN', 1, 0, 0, 1, 100.00)$$,
    'Reviewed and rejected records are only in the total; only accepted ones are covered; an empty cycle shows zeros'
);
SELECT results_eq(
    'SELECT count(*), count(DISTINCT cycle_id) FROM model_risk.attestation_cycle_count',
    'SELECT count(*), count(*) FROM model_risk.attestation_cycles', 'There is one row a cycle'
);
SELECT is(
    (SELECT sum(total_records) FROM model_risk.attestation_cycle_count),
    (SELECT count(*)::numeric FROM model_risk.attestation_records), 'No record is lost or counted twice'
);
SELECT * FROM finish();
ROLLBACK;
