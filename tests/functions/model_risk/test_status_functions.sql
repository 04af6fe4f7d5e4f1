-- The statuses for any day, of all models and of one: what they add to the views, and that they leave the session's day alone.
BEGIN;
SELECT plan(25);
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

-- 901 completed 31 May 2024: due 31 May, grace to 31 July, validation by 30 August 2025; 902 a tool; 903 without tier;
-- 904 never validated
INSERT INTO model_risk.models (model_id, risk_tier_id, is_model) VALUES
(901, 901, true), (902, 901, false), (903, NULL, true), (904, 901, true);
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at)
VALUES (911, 'INITIAL', '2024-05-31 12:00+00', '2024-05-31 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (911, 901), (911, 902), (911, 903);

SELECT results_eq(
    $$SELECT model_id, revalidation_status, days_until_submission_due, days_until_validation_due
    FROM model_risk.revalidation_at('2025-08-31') WHERE model_id BETWEEN 901 AND 904 ORDER BY model_id$$,
    $$VALUES (901, 'Revalidation Overdue (No Request)', -92, -1), (902, 'Revalidation Overdue (No Request)', -92, -1),
    (903, 'No Policy Configured', NULL, NULL), (904, 'Never Validated', NULL, NULL)$$,
    'Days left are counted from the day asked for, negative when past'
);
SELECT results_eq(
    $$SELECT model_id, approval_status, approval_label, approvals_complete, pending_approval_count, days_until_due
    FROM model_risk.approval_at('2025-08-30') WHERE model_id BETWEEN 901 AND 904 ORDER BY model_id$$,
    $$VALUES (901, 'EXPIRED', 'Expired', true, 0::bigint, 0), (902, NULL, NULL, NULL, NULL, NULL),
    (903, 'APPROVED', 'Approved', true, 0, NULL), (904, 'NEVER_VALIDATED', 'Never Validated', NULL, NULL, NULL)$$,
    'A tool has nothing at all, a model never validated only its status'
);
SELECT results_eq(
    $$SELECT model_id, validation_status, days_until_validation_due, days_overdue, past_due_level, penalty_notches
    FROM model_risk.model_list_at('2025-08-30') WHERE model_id BETWEEN 901 AND 904 ORDER BY model_id$$,
    $$VALUES (901, 'overdue', 0, 30, 'MINIMAL', 1), (902, 'overdue', 0, 30, 'MINIMAL', 1), (903, NULL, NULL, 0, 'CURRENT', 0),
    (904, NULL, NULL, 0, 'CURRENT', 0)$$,
    'On its due day a model is overdue since the end of grace'
);
SELECT results_eq(
    $$SELECT model_id, next_revalidation_change, next_approval_change, next_validation_status_change
    FROM model_risk.status_transition_at('2025-07-31') WHERE model_id = 901$$,
    $$VALUES (901, '2025-08-01'::date, '2025-08-01'::date, '2025-08-30'::date)$$, 'The next changes are those after the day asked for'
);

-- One model, one day
SELECT is(model_risk.revalidation_status_of(901, '2025-07-31'), 'Upcoming', 'The day grace ends nothing is due');
SELECT is(model_risk.revalidation_status_of(901, '2025-08-01'), 'Should Create Request', 'The day after a request is missing');
SELECT is(model_risk.approval_status_of(901, '2025-07-31'), 'APPROVED', 'The day grace ends the approval holds');
SELECT is(model_risk.approval_status_of(901, '2025-08-01'), 'EXPIRED', 'The day after it has run out');
SELECT is(model_risk.validation_status_of(901, '2025-08-29'), 'due_soon', 'The day before it is due');
SELECT is(model_risk.validation_status_of(901, '2025-08-30'), 'overdue', 'The day it is due');
SELECT is(model_risk.revalidation_status_of(901), 'Upcoming', 'Without a day the business day counts');
SELECT is(model_risk.approval_status_of(901), 'APPROVED', 'Without a day the approval is judged today');
SELECT is(model_risk.validation_status_of(901), 'due_soon', 'Without a day the list is today''s');

-- What is no error
SELECT is(model_risk.revalidation_status_of(903), 'No Policy Configured', 'A model without tier has a revalidation status');
SELECT is(model_risk.approval_status_of(903), 'APPROVED', 'A model without tier has an approval status');
SELECT is(model_risk.validation_status_of(903), NULL, 'A model without tier has no models-list status');
SELECT is(model_risk.approval_status_of(902), NULL, 'A tool has no approval status');
SELECT is(model_risk.revalidation_status_of(902), 'Upcoming', 'A tool has a revalidation status');

SELECT is_empty(
    $$SELECT one.model_id FROM model_risk.models AS one
    INNER JOIN model_risk.revalidation_at('2025-08-01') AS rev ON one.model_id = rev.model_id
    INNER JOIN model_risk.approval_at('2025-08-01') AS apr ON one.model_id = apr.model_id
    INNER JOIN model_risk.model_list_at('2025-08-01') AS lst ON one.model_id = lst.model_id
    WHERE (rev.revalidation_status, apr.approval_status, lst.validation_status) IS DISTINCT FROM (
        model_risk.revalidation_status_of(one.model_id, '2025-08-01'), model_risk.approval_status_of(one.model_id, '2025-08-01'),
        model_risk.validation_status_of(one.model_id, '2025-08-01')
    )$$,
    'All models at once and one model at a time agree'
);

-- The day of the session
SELECT is(refresh.as_of_date(), '2025-06-30'::date, 'The session keeps its day after all these questions');
SET LOCAL tidemark.as_of = '2025-06-30 17:45+02';
SELECT is(model_risk.revalidation_status_of(901, '2025-08-01'), 'Should Create Request', 'A moment of the session does not disturb');
SELECT is(current_setting('tidemark.as_of'), '2025-06-30 17:45+02', 'The session keeps its moment');
SELECT throws_ok($$SELECT model_risk.revalidation_status_of(-1, '2025-08-01')$$, 'P0002', NULL, 'An unknown model is refused');
SELECT is(current_setting('tidemark.as_of'), '2025-06-30 17:45+02', 'After an error the session keeps its moment');
SELECT results_eq(
    $$SELECT day.as_of, rev.revalidation_status
    FROM (VALUES (DATE '2025-07-31'), (DATE '2025-08-01'), (DATE '2025-08-31')) AS day (as_of)
    CROSS JOIN LATERAL model_risk.revalidation_at(day.as_of) AS rev WHERE rev.model_id = 901 ORDER BY day.as_of$$,
    $$VALUES (DATE '2025-07-31', 'Upcoming'), (DATE '2025-08-01', 'Should Create Request'),
    (DATE '2025-08-31', 'Revalidation Overdue (No Request)')$$,
    'Several days can be asked for in one query'
);
SELECT * FROM finish();
ROLLBACK;
