-- model_risk.kpi_programme and kpi_validation_time: the figures no filter narrows.
BEGIN;
SELECT plan(22);
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

SELECT results_eq(
    'SELECT * FROM model_risk.kpi_programme',
    'VALUES (1, 0::bigint, 0::bigint, 0::bigint, 0::bigint, NULL::numeric, 0::bigint, 0::bigint, 0::bigint, 0::bigint, NULL::date)',
    'Without rows every count is zero and the average is missing'
);

INSERT INTO model_risk.models (model_id, status) VALUES (901, 'Active'), (902, 'Retired'), (903, 'Active');
INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active) VALUES (901, 'Plan', 'Quarterly', false);
INSERT INTO model_risk.monitoring_cycles
(plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status, submitted_at) VALUES
(901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'APPROVED', '2025-04-15 23:59:59+00'),
(901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'APPROVED', '2025-04-16 00:00:00+00'),
(901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'APPROVED', NULL),
(901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'UNDER_REVIEW', '2025-04-01 00:00:00+00');
SELECT is(
    (timely_monitoring_cycles, approved_monitoring_cycles), (1::bigint, 3::bigint),
    'A cycle is timely up to the end of its due day; one never submitted is not'
) FROM model_risk.kpi_programme;

INSERT INTO model_risk.recommendations
(recommendation_code, model_id, title, priority, current_status, current_target_date, created_at, closed_at) VALUES
('R1', 901, 'Due yesterday', 'LOW', 'REC_OPEN', '2025-06-29', '2025-01-01 12:00+00', NULL),
('R2', 901, 'Due today', 'LOW', 'REC_OPEN', '2025-06-30', '2025-01-01 12:00+00', NULL),
('R3', 902, 'Due tomorrow', 'LOW', 'REC_OPEN', '2025-07-01', '2025-01-01 12:00+00', NULL),
('R4', 902, 'No date', 'LOW', 'REC_DROPPED', NULL, '2025-01-01 12:00+00', NULL),
('R5', 901, 'Closed after 1.99 days', 'LOW', 'REC_CLOSED', '2025-01-01', '2025-01-01 12:00+00', '2025-01-03 11:59+00'),
('R6', 901, 'Closed after 2 days', 'LOW', 'REC_CLOSED', NULL, '2025-01-01 12:00+00', '2025-01-03 12:00+00'),
('R7', 901, 'Closed after 4 days', 'LOW', 'REC_CLOSED', NULL, '2025-01-01 12:00+00', '2025-01-05 12:00+00');
SELECT is(
    (open_recommendations, past_due_recommendations), (4::bigint, 1::bigint),
    'A dropped recommendation stays open; one due today, or without date, is not past due'
) FROM model_risk.kpi_programme;
SELECT is(average_days_to_close, 2.3, 'Whole days to close are averaged, to one decimal') FROM model_risk.kpi_programme;
SELECT is(next_change_on, '2025-07-01'::date, 'The recommendation due today is past due tomorrow') FROM model_risk.kpi_programme;
SET LOCAL tidemark.as_of = '2025-07-01';
SELECT is(past_due_recommendations, 2::bigint, 'On that day it is') FROM model_risk.kpi_programme;
SET LOCAL tidemark.as_of = '2025-06-30';

INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status) VALUES
(901, 'Old', '2024-10-01', '2024-12-31', '2025-01-15', 'CLOSED'),
(902, 'Last closed', '2025-01-01', '2025-03-31', '2025-04-15', 'CLOSED'),
(903, 'Open', '2025-04-01', '2025-06-30', '2025-07-15', 'UNDER_REVIEW');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status, attested_at) VALUES
(901, 901, 901, '2025-01-15', 'ACCEPTED', '2025-01-01 12:00+00'),
(902, 901, 901, '2025-04-15', 'REJECTED', '2025-04-15 23:59:59+00'),
(902, 902, 901, '2025-04-15', 'ACCEPTED', '2025-04-16 00:00:00+00'),
(902, 903, 901, '2025-04-15', 'PENDING', NULL),
(903, 901, 901, '2025-07-15', 'ACCEPTED', '2025-06-01 12:00+00');
SELECT is(
    (timely_attestations, required_attestations), (1::bigint, 3::bigint),
    'Only the closed cycle that ended last counts; a timely record counts although it was rejected'
) FROM model_risk.kpi_programme;
UPDATE model_risk.attestation_cycles SET period_end_date = '2025-03-31' WHERE cycle_id = 901;
SELECT is(required_attestations, 3::bigint, 'Of two cycles that ended on one day the greater number counts')
FROM model_risk.kpi_programme;

INSERT INTO model_risk.decommissioning_requests (model_id, status, created_at, final_reviewed_at) VALUES
(901, 'PENDING', '2025-01-01', NULL), (901, 'PENDING', '2025-01-01', NULL), (902, 'VALIDATOR_APPROVED', '2025-01-01', NULL),
(901, 'APPROVED', '2024-01-01', '2024-06-29 23:59:59+00'),
(901, 'APPROVED', '2024-01-01', '2024-06-30 00:00:00+00'),
(902, 'APPROVED', '2024-01-01', '2024-07-05 12:00+00'),
(902, 'APPROVED', '2024-01-01', NULL),
(902, 'REJECTED', '2024-01-01', '2025-01-01 12:00+00');
SELECT is(
    pending_decommissionings, 2::bigint, 'Pending requests are counted, not models; one the validator approved is not pending'
) FROM model_risk.kpi_programme;
SELECT is(decommissioned_last_year, 2::bigint, 'The window opens at midnight 365 days ago') FROM model_risk.kpi_programme;
UPDATE model_risk.recommendations SET closed_at = now();
SELECT is(next_change_on, '2025-07-01'::date, 'A request leaves the window on its day 366') FROM model_risk.kpi_programme;
SET LOCAL tidemark.as_of = '2025-07-01';
SELECT is(decommissioned_last_year, 1::bigint, 'On that day it has left') FROM model_risk.kpi_programme;
SELECT is(next_change_on, '2025-07-06'::date, 'The next one leaves later') FROM model_risk.kpi_programme;
SET LOCAL tidemark.as_of = '2025-07-05';
SELECT is(decommissioned_last_year, 1::bigint, 'The day before it is still in') FROM model_risk.kpi_programme;
SET LOCAL tidemark.as_of = '2025-07-06';
SELECT is(decommissioned_last_year, 0::bigint, 'On that day the last one has left') FROM model_risk.kpi_programme;
SELECT is(next_change_on, NULL, 'Then nothing changes by itself any more') FROM model_risk.kpi_programme;
SELECT is(count(*), 1::bigint, 'There is one row') FROM model_risk.kpi_programme;

-- kpi_validation_time
SELECT is_empty('SELECT * FROM model_risk.kpi_validation_time', 'Without a completed validation there is no tier to show');
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES
(901, 'T1', 'One', 1, true), (902, 'T2', 'Two', 2, false), (903, 'T3', 'Two', 3, true);
INSERT INTO model_risk.validation_requests
(request_id, current_status, validated_risk_tier_id, created_at, completion_date) VALUES
(911, 'APPROVED', 901, '2024-01-01 23:59+00', '2024-01-02 00:01+00'),
(912, 'APPROVED', 901, '2024-01-01 00:00+00', '2024-01-01 23:59+00'),
(913, 'APPROVED', 901, '2024-01-01 12:00+00', NULL),
(914, 'REVIEW', 901, '2024-01-01 12:00+00', '2024-12-31 12:00+00'),
(915, 'APPROVED', NULL, '2024-01-01 12:00+00', '2024-01-11 12:00+00'),
(916, 'APPROVED', 902, '2024-01-01 12:00+00', '2024-01-31 12:00+00'),
(917, 'APPROVED', 903, '2024-01-01 12:00+00', '2024-02-10 12:00+00');
SELECT results_eq(
    'SELECT * FROM model_risk.kpi_validation_time ORDER BY tier_label COLLATE "C"',
    $$VALUES ('One', 2::bigint, 0.5), ('Two', 2, 35.0), ('Unassigned', 1, 10.0)$$,
    'Days lie between calendar days of approved and completed requests; tiers of one label are one line'
);
SELECT set_eq(
    'SELECT request_count FROM model_risk.kpi_validation_time', ARRAY[1::bigint, 2], 'A request belongs to one line only'
);
UPDATE model_risk.validation_requests SET completion_date = '2023-12-30 12:00+00' WHERE request_id = 915;
SELECT is(
    average_days, -2.0, 'A completion before the creation is not hidden'
) FROM model_risk.kpi_validation_time WHERE tier_label = 'Unassigned';
SELECT is(sum(request_count), 5::numeric, 'No completed validation is lost') FROM model_risk.kpi_validation_time;
SELECT * FROM finish();
ROLLBACK;
