-- model_risk.status_transition and model_status.next_change_on: what the calendar does next.
BEGIN;
SELECT plan(5);
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
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true);
INSERT INTO model_risk.validation_policies
(risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days) VALUES (901, 12, 2, 30);

-- 901 never validated; 902 completed 15 Aug 2024: due 15 Aug, grace to 15 Oct, validation by 14 Nov 2025; 903 the same
-- with work going on; 904 tool; 905 interim to 15 Aug; 906 without policy, interim to 15 Aug; 907 overdue for a year
INSERT INTO model_risk.models (model_id, risk_tier_id, is_model) VALUES
(901, 901, true), (902, 901, true), (903, 901, true), (904, 901, false), (905, 901, true), (906, NULL, true), (907, 901, true);
INSERT INTO model_risk.validation_requests
(request_id, validation_type, current_status, prior_validation_request_id, completion_date, updated_at) VALUES
(920, 'INITIAL', 'APPROVED', NULL, '2024-08-15 12:00+00', '2024-08-15 12:00+00'),
(930, 'INITIAL', 'APPROVED', NULL, '2024-08-15 12:00+00', '2024-08-15 12:00+00'),
(931, 'COMPREHENSIVE', 'REVIEW', 930, NULL, '2024-08-15 12:00+00'),
(950, 'INTERIM', 'APPROVED', NULL, '2024-08-15 12:00+00', '2024-08-15 12:00+00'),
(970, 'INITIAL', 'APPROVED', NULL, '2023-03-31 12:00+00', '2023-03-31 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(920, 902), (930, 903), (931, 903), (920, 904), (950, 905), (950, 906), (970, 907);
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date)
VALUES (950, 'FIT_FOR_PURPOSE', '2024-08-15', '2025-08-15');

SELECT results_eq(
    'SELECT * FROM model_risk.status_transition ORDER BY model_id',
    $$VALUES
    (901, 'Never Validated', NULL::date, NULL, 'NEVER_VALIDATED', NULL::date, NULL, NULL, NULL::date, NULL),
    (902, 'Upcoming', '2025-10-16', 'Should Create Request', 'APPROVED', '2025-10-16', 'EXPIRED',
        'current', '2025-08-16', 'due_soon'),
    (903, 'Awaiting Submission', '2025-08-16', 'In Grace Period', 'APPROVED', '2025-10-16', 'VALIDATION_IN_PROGRESS',
        'current', '2025-08-16', 'due_soon'),
    (904, 'Upcoming', '2025-10-16', 'Should Create Request', NULL, NULL, NULL, 'current', '2025-08-16', 'due_soon'),
    (905, 'Pending Full Validation', '2025-07-17', 'Submission Overdue (INTERIM)', 'INTERIM_APPROVED', '2025-07-17', 'EXPIRED',
        'current', '2025-08-16', 'due_soon'),
    (906, 'No Policy Configured', NULL, NULL, 'INTERIM_APPROVED', '2025-08-16', 'EXPIRED', NULL, NULL, NULL),
    (907, 'Revalidation Overdue (No Request)', NULL, NULL, 'EXPIRED', NULL, NULL, 'overdue', NULL, NULL)$$,
    'Each status names its next change, the day and what comes then, or nothing'
);
SELECT results_eq(
    'SELECT model_id, next_change_on FROM model_risk.model_status ORDER BY model_id',
    $$VALUES (901, NULL::date), (902, '2025-08-16'), (903, '2025-08-16'), (904, '2025-08-16'), (905, '2025-07-17'),
    (906, '2025-08-16'), (907, '2026-06-01')$$,
    'A row changes when the first of its statuses does, or its past-due bucket'
);
SET LOCAL tidemark.as_of = '2025-05-31';
UPDATE model_risk.past_due_levels SET is_active = false WHERE level_code = 'MODERATE';
SELECT is(
    next_change_on, '2025-06-01'::date, 'A row changes when its bucket ends, although no other bucket begins'
) FROM model_risk.model_status WHERE model_id = 907;
SET LOCAL tidemark.as_of = '2025-03-20';
UPDATE model_risk.past_due_levels SET is_active = true, sort_order = 0, min_days = 300 WHERE level_code = 'MODERATE';
SELECT is(
    next_change_on, '2025-03-27'::date, 'A row changes when a bucket with precedence begins'
) FROM model_risk.model_status WHERE model_id = 907;
SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.model_status', 'SELECT count(*), count(*) FROM model_risk.models',
    'There is one row a model'
);
SELECT * FROM finish();
ROLLBACK;
