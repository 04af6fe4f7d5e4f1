-- model_risk.revalidation: whole rows for each rule set, and what follows from the dates.
BEGIN;
SELECT plan(28);
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
(901, 'T1', 'One', 1, true), (902, 'T2', 'No policy', 2, true), (903, 'T3', 'No grace, no lead', 3, true),
(904, 'T4', 'Six and one', 4, true);
INSERT INTO model_risk.validation_policies
(policy_id, risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
VALUES (901, 901, 12, 2, 120), (903, 903, 12, 0, 0), (904, 904, 6, 1, 0);
INSERT INTO model_risk.validation_workflow_slas (workflow_type, assignment_days, begin_work_days, approval_days)
VALUES ('Validation', 10, 5, 10);

-- One model per rule set, the clock started on 31 May 2024: due 31 May 2025, grace to 31 July, validation by 23 December
INSERT INTO model_risk.models (model_id, risk_tier_id, status, is_model) VALUES
(901, 901, 'Active', true), (902, 902, 'Active', true), (903, 901, 'Retired', true), (904, 901, 'Active', true),
(905, 901, 'Active', true), (906, 901, 'In Development', false), (907, NULL, 'Active', true);
INSERT INTO model_risk.validation_requests (
    request_id, validation_type, current_status, prior_validation_request_id, submission_received_date, completion_date, updated_at
) VALUES
(920, 'INTERIM', 'APPROVED', NULL, NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00'),
(930, 'INTERIM', 'APPROVED', NULL, NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00'),
(931, 'COMPREHENSIVE', 'IN_PROGRESS', 930, '2024-06-01', NULL, '2024-06-01 12:00+00'),
(939, 'INITIAL', 'APPROVED', NULL, NULL, '2022-05-31 12:00+00', '2022-05-31 12:00+00'),
(940, 'COMPREHENSIVE', 'APPROVED', NULL, NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00'),
(941, 'COMPREHENSIVE', 'PLANNING', 940, NULL, NULL, '2024-06-01 12:00+00'),
(950, 'INITIAL', 'APPROVED', NULL, NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00'),
(951, 'COMPREHENSIVE', 'PLANNING', 950, '2025-08-15', NULL, '2024-06-01 12:00+00'),
(960, 'INITIAL', 'APPROVED', NULL, NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(920, 902), (930, 903), (931, 903), (939, 904), (940, 904), (941, 904), (950, 905), (951, 905), (960, 906), (960, 907);
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date) VALUES
(920, 'FIT_FOR_PURPOSE', '2024-05-31', '2025-06-29'), (930, 'FIT_FOR_PURPOSE', '2024-05-31', '2025-09-30');

SELECT results_eq(
    'SELECT * FROM model_risk.revalidation ORDER BY model_id',
    $$VALUES
    (901, 'Never Validated', NULL::date, NULL::date, NULL::date, NULL::date, NULL::integer, NULL::date, NULL::date,
        NULL::integer, NULL::integer, false, NULL::date),
    (902, 'No Policy Configured', '2024-05-31', NULL, NULL, '2025-06-29', NULL, NULL, '2025-06-29',
        NULL, NULL, false, NULL),
    (903, 'Submission Overdue (INTERIM)', '2024-05-31', '2025-06-02', NULL, '2025-09-30', NULL, NULL, '2025-09-30',
        NULL, NULL, true, '2025-10-01'),
    (904, 'In Grace Period', '2024-05-31', '2025-05-31', '2025-07-31', '2025-12-23', 941, NULL, NULL,
        940, 939, false, '2025-08-01'),
    (905, 'Validation In Progress', '2024-05-31', '2025-05-31', '2025-07-31', '2025-12-23', 951, '2025-08-15', NULL,
        950, NULL, false, '2025-12-24'),
    (906, 'Upcoming', '2024-05-31', '2025-05-31', '2025-07-31', '2025-12-23', NULL, NULL, NULL,
        960, NULL, false, '2025-08-01'),
    (907, 'No Policy Configured', '2024-05-31', NULL, NULL, NULL, NULL, NULL, NULL, 960, NULL, false, NULL)$$,
    'Each rule set fills exactly its columns, whatever the status or kind of the model'
);

-- The day before, the day, the day after: one line per boundary
CREATE FUNCTION pg_temp.statuses_on(p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (
        SELECT string_agg(revalidation_status, ' | ' ORDER BY model_id)
        FROM model_risk.revalidation WHERE model_id BETWEEN 903 AND 906
    );
END;
$$;
CREATE TEMPORARY TABLE boundary (day text, expected text, claim text);
INSERT INTO boundary VALUES
('2025-05-31', 'Pending Full Validation | Awaiting Submission | Validation In Progress | Upcoming', 'The day submission is due'),
('2025-06-01', 'Pending Full Validation | In Grace Period | Validation In Progress | Upcoming', 'The day after'),
('2025-06-02', 'Pending Full Validation | In Grace Period | Validation In Progress | Upcoming', 'The day the interim lead begins'),
('2025-06-03', 'Submission Overdue (INTERIM) | In Grace Period | Validation In Progress | Upcoming', 'The day after'),
('2025-07-31', 'Submission Overdue (INTERIM) | In Grace Period | Validation In Progress | Upcoming', 'The day grace ends'),
(
    '2025-08-01', 'Submission Overdue (INTERIM) | Submission Overdue | Validation In Progress | Should Create Request',
    'The day after grace'
),
(
    '2025-09-30', 'Submission Overdue (INTERIM) | Submission Overdue | Validation In Progress | Should Create Request',
    'The day the interim approval ends'
),
(
    '2025-10-01',
    'INTERIM Expired - Full Validation Required | Submission Overdue | Validation In Progress | Should Create Request',
    'The day after the interim approval'
),
(
    '2025-12-23',
    'INTERIM Expired - Full Validation Required | Submission Overdue | Validation In Progress | Should Create Request',
    'The day validation is due'
),
(
    '2025-12-24',
    'INTERIM Expired - Full Validation Required | Submission Overdue | Validation Overdue | Revalidation Overdue (No Request)',
    'The day after validation was due'
);
SELECT is(pg_temp.statuses_on(day), expected, format('%s, %s, has its statuses', claim, day)) FROM boundary;
SET LOCAL tidemark.as_of = '2025-06-30';

-- Facts that move the dates
UPDATE model_risk.validation_workflow_slas SET assignment_days = 0, begin_work_days = 0, approval_days = 0;
SELECT is(
    next_validation_due, '2025-11-28'::date, 'Working time is part of the validation due date'
) FROM model_risk.revalidation WHERE model_id = 906;
DELETE FROM model_risk.validation_workflow_slas;
SELECT is(
    next_validation_due, '2025-11-28'::date, 'A missing working-time row counts zero days'
) FROM model_risk.revalidation WHERE model_id = 906;
SELECT is(
    next_submission_due, '2025-06-02'::date, 'An interim approval is submitted against by its own lead time'
) FROM model_risk.revalidation WHERE model_id = 903;

-- No grace, no lead, no working time: the boundaries fall on one day
UPDATE model_risk.models SET risk_tier_id = 903;
SELECT is(
    (next_submission_due, grace_period_end, next_validation_due), ('2025-05-31'::date, '2025-05-31'::date, '2025-05-31'::date),
    'Without grace, lead and working time the three dates are one'
) FROM model_risk.revalidation WHERE model_id = 906;
SELECT is(
    pg_temp.statuses_on('2025-05-31'),
    'Pending Full Validation | Awaiting Submission | Validation In Progress | Upcoming', 'On that day all is on time'
);
SELECT is(
    pg_temp.statuses_on('2025-06-01'),
    'Pending Full Validation | Submission Overdue | Validation Overdue | Revalidation Overdue (No Request)',
    'The day after no status in between is left'
);
SELECT is(
    pg_temp.statuses_on('2025-09-30'),
    'Pending Full Validation | Submission Overdue | Validation Overdue | Revalidation Overdue (No Request)',
    'Without lead an interim approval holds to its last day'
);
SELECT is(
    pg_temp.statuses_on('2025-10-01'),
    'INTERIM Expired - Full Validation Required | Submission Overdue | Validation Overdue | Revalidation Overdue (No Request)',
    'Without lead it then expires without a submission status'
);
SET LOCAL tidemark.as_of = '2025-06-30';

-- Month ends are clamped twice: 6 months and 1 month from 31 August are not 7 months
UPDATE model_risk.models SET risk_tier_id = 904;
UPDATE model_risk.validation_requests SET completion_date = '2023-08-31 12:00+00' WHERE request_id = 960;
SELECT is(
    (last_validation_date, next_submission_due, grace_period_end),
    ('2023-08-31'::date, '2024-02-29'::date, '2024-03-29'::date), 'Grace starts from the clamped submission date'
) FROM model_risk.revalidation WHERE model_id = 906;

-- Which request starts the clock
UPDATE model_risk.validation_requests SET completion_date = NULL WHERE request_id = 960;
SELECT is(
    last_validation_date, '2024-05-31'::date, 'Without completion date the last edit starts the clock'
) FROM model_risk.revalidation WHERE model_id = 906;
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at)
VALUES (961, 'TARGETED', '2021-01-31 12:00+00', '2024-06-30 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (961, 906);
SELECT is(
    (last_validation_date, most_recent_full_request_id), ('2021-01-31'::date, 960),
    'A targeted review edited later restarts the clock but is no full validation'
) FROM model_risk.revalidation WHERE model_id = 906;
UPDATE model_risk.validation_requests SET prior_validation_request_id = 939 WHERE request_id = 941;
SELECT is(
    (revalidation_status, active_request_id), ('Revalidation Overdue (No Request)'::text, NULL::integer),
    'A request that follows an older approval is not active'
) FROM model_risk.revalidation WHERE model_id = 904;
UPDATE model_risk.validation_requests SET prior_validation_request_id = 940, current_status = 'CANCELLED' WHERE request_id = 941;
SELECT is(active_request_id, NULL, 'A cancelled request is not active') FROM model_risk.revalidation WHERE model_id = 904;

SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.revalidation', 'SELECT count(*), count(*) FROM model_risk.models',
    'There is one row a model'
);
SELECT is_empty(
    $$SELECT model_id FROM model_risk.revalidation
    WHERE is_overdue IS DISTINCT FROM model_risk.is_revalidation_overdue(revalidation_status)$$,
    'Overdue follows from the status alone'
);
SELECT is_empty(
    $$SELECT rev.model_id FROM model_risk.revalidation AS rev
    INNER JOIN model_risk.model_status AS sta ON rev.model_id = sta.model_id
    WHERE (rev.revalidation_status, rev.next_validation_due) IS DISTINCT FROM (sta.revalidation_status, sta.next_validation_due)$$,
    'The wide status view agrees'
);
SELECT is_empty(
    $$SELECT model_id FROM model_risk.revalidation WHERE next_change_on <= '2025-06-30'$$, 'The next change lies ahead'
);
SELECT * FROM finish();
ROLLBACK;
