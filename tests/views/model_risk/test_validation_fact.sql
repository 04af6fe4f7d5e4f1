-- model_risk.validation_fact: the last, the completed, the active and the substantive request of each model.
BEGIN;
SELECT plan(23);
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
(901, 'T1', 'One', 1, true), (902, 'T2', 'Two', 2, true), (903, 'T3', 'No policy', 3, true);
INSERT INTO model_risk.validation_policies
(policy_id, risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
VALUES (901, 901, 12, 2, 120), (902, 902, 18, 3, 60);
INSERT INTO model_risk.models (model_id, risk_tier_id) VALUES
(901, 901), (902, 902), (903, 903), (904, NULL), (905, 902), (906, 901);

-- 901: edited last 912, completed last 911; two full validations; active 914 over 913; not active 915 to 918
INSERT INTO model_risk.validation_requests (
    request_id, validation_type, current_status, prior_validation_request_id, submission_received_date, completion_date,
    created_at, updated_at
) VALUES
(910, 'INITIAL', 'APPROVED', NULL, NULL, '2021-01-15 12:00+00', '2020-01-01 12:00+00', '2021-01-15 12:00+00'),
(911, 'COMPREHENSIVE', 'APPROVED', NULL, NULL, '2023-01-15 12:00+00', '2020-01-01 12:00+00', '2023-01-15 12:00+00'),
(912, 'TARGETED', 'APPROVED', NULL, NULL, NULL, '2020-01-01 12:00+00', '2024-02-15 12:00+00'),
(913, 'COMPREHENSIVE', 'INTAKE', 912, '2024-05-01', NULL, '2024-04-01 12:00+00', '2020-01-01 12:00+00'),
(914, 'COMPREHENSIVE', 'ON_HOLD', 912, NULL, NULL, '2024-04-01 12:00+00', '2020-01-01 12:00+00'),
(915, 'COMPREHENSIVE', 'PLANNING', 911, '2024-06-01', NULL, '2024-06-01 12:00+00', '2020-01-01 12:00+00'),
(916, 'COMPREHENSIVE', 'PLANNING', NULL, '2024-06-01', NULL, '2024-06-02 12:00+00', '2020-01-01 12:00+00'),
(917, 'TARGETED', 'REVISION', 912, '2024-06-01', NULL, '2024-06-03 12:00+00', '2020-01-01 12:00+00'),
(918, 'COMPREHENSIVE', 'CANCELLED', 912, '2024-06-01', NULL, '2024-06-04 12:00+00', '2020-01-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id)
SELECT id, 901 FROM generate_series(910, 918) AS id;

SELECT results_eq(
    'SELECT last_request_id, last_type, last_validation_date, latest_approved_request_id, latest_approved_type,
        latest_known_on, most_recent_full_request_id, previous_full_request_id
    FROM model_risk.validation_fact WHERE model_id = 901',
    $$VALUES (912, 'TARGETED', '2024-02-15'::date, 911, 'COMPREHENSIVE', '2023-01-15'::date, 911, 910)$$,
    'The clock follows the last edit, the approval the last completion, a missing completion the edit'
);
SELECT results_eq(
    'SELECT active_request_id, submission_received, active_lead_days FROM model_risk.validation_fact WHERE model_id = 901',
    'VALUES (914, NULL::date, 120)',
    'Active is the newest open comprehensive request whose prior is exactly the last; of two, the greater number'
);
SELECT results_eq(
    'SELECT substantive_request_id, substantive_request_status FROM model_risk.validation_fact WHERE model_id = 901',
    $$VALUES (916, 'PLANNING')$$, 'Substantive is the newest request under work, whatever its prior'
);
UPDATE model_risk.validation_requests SET created_at = '2024-06-02 12:00+00' WHERE request_id = 915;
SELECT is(
    substantive_request_id, 916, 'Of two substantive requests of one instant the greater number counts'
) FROM model_risk.validation_fact WHERE model_id = 901;
UPDATE model_risk.validation_requests SET created_at = '2024-06-02 12:01+00' WHERE request_id = 915;
SELECT is(
    substantive_request_id, 915, 'A substantive request created later counts first'
) FROM model_risk.validation_fact WHERE model_id = 901;
UPDATE model_risk.validation_requests SET updated_at = '2024-02-15 12:01+00' WHERE request_id = 911;
SELECT results_eq(
    'SELECT last_request_id, active_request_id, submission_received FROM model_risk.validation_fact WHERE model_id = 901',
    $$VALUES (911, 915, '2024-06-01'::date)$$, 'An edit of an older approved request makes it the last and its follower the active one'
);

-- Interim expiry
INSERT INTO model_risk.validation_requests (request_id, validation_type, current_status, completion_date, updated_at) VALUES
(921, 'INTERIM', 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(922, 'INTERIM', 'APPROVED', '2024-02-01 12:00+00', '2024-02-01 12:00+00'),
(923, 'TARGETED', 'APPROVED', '2024-03-01 12:00+00', '2024-03-01 12:00+00'),
(924, 'INTERIM', 'CANCELLED', NULL, '2024-03-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) SELECT id, 902 FROM generate_series(921, 924) AS id;
SELECT is(interim_expiration, NULL, 'An interim approval without outcome does not expire')
FROM model_risk.validation_fact WHERE model_id = 902;
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date) VALUES
(921, 'FIT_FOR_PURPOSE', '2024-01-01', '2025-09-30'), (922, 'FIT_FOR_PURPOSE', '2024-02-01', '2025-08-31'),
(923, 'FIT_FOR_PURPOSE', '2024-03-01', '2026-01-01'), (924, 'FIT_FOR_PURPOSE', '2024-03-01', '2027-01-01');
SELECT is(
    interim_expiration, '2025-09-30'::date, 'The latest expiry of the approved interim requests counts, no other type''s'
) FROM model_risk.validation_fact WHERE model_id = 902;
UPDATE model_risk.validation_outcomes SET expiration_date = NULL WHERE request_id = 921;
SELECT is(interim_expiration, '2025-08-31'::date, 'An interim approval without expiry leaves the other''s')
FROM model_risk.validation_fact WHERE model_id = 902;
INSERT INTO model_risk.validation_requests (request_id, validation_type, current_status) VALUES (925, 'INITIAL', 'REVIEW');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (925, 902);
SELECT is(interim_expiration, '2025-08-31'::date, 'A full validation still open leaves the interim expiry')
FROM model_risk.validation_fact WHERE model_id = 902;
UPDATE model_risk.validation_requests SET current_status = 'APPROVED' WHERE request_id = 925;
SELECT is(interim_expiration, NULL, 'A full validation, even one never completed, ends every interim expiry')
FROM model_risk.validation_fact WHERE model_id = 902;

-- Lead time of an open request over several models
INSERT INTO model_risk.validation_requests (request_id, validation_type, current_status, prior_validation_request_id, updated_at)
VALUES
(950, 'INITIAL', 'APPROVED', NULL, '2024-03-01 12:00+00'),
(960, 'INITIAL', 'APPROVED', NULL, '2024-03-01 12:00+00'),
(951, 'COMPREHENSIVE', 'INTAKE', 950, '2024-03-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (950, 905), (960, 906), (951, 905);
SELECT is((lead_days, active_lead_days), (60, 60), 'A request of one model has that model''s lead time')
FROM model_risk.validation_fact WHERE model_id = 905;
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (951, 906), (951, 904), (951, 903);
SELECT is(
    (lead_days, active_lead_days), (60, 120), 'A request of several models has the longest lead time; models without policy are ignored'
) FROM model_risk.validation_fact WHERE model_id = 905;
SELECT is(
    active_request_id, NULL, 'A shared request is active only for the model whose last is exactly its prior'
) FROM model_risk.validation_fact WHERE model_id = 906;
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (950, 903);
SELECT is(
    (lead_days, active_lead_days), (NULL::integer, 120), 'A model without policy shares the lead time of the request'
) FROM model_risk.validation_fact WHERE model_id = 903;
DELETE FROM model_risk.validation_request_models WHERE request_id = 951 AND model_id IN (905, 906);
SELECT is(active_lead_days, 90, 'A request of which no model has a policy is given 90 days')
FROM model_risk.validation_fact WHERE model_id = 903;

-- Policy and working time
SELECT is((has_policy, lead_days), (false, NULL::integer), 'A tier without policy has none')
FROM model_risk.validation_fact WHERE model_id = 903;
SELECT is((has_policy, lead_days), (false, NULL::integer), 'A model without tier has no policy')
FROM model_risk.validation_fact WHERE model_id = 904;
SELECT ok(bool_and(sla_days = 0), 'Without the row Validation no working time is granted') FROM model_risk.validation_fact;
INSERT INTO model_risk.validation_workflow_slas (workflow_type) VALUES ('Decommissioning');
SELECT ok(bool_and(sla_days = 0), 'Another workflow grants no working time') FROM model_risk.validation_fact;
INSERT INTO model_risk.validation_workflow_slas (workflow_type, assignment_days, begin_work_days, approval_days)
VALUES ('Validation', 1, 20, 300);
SELECT ok(bool_and(sla_days = 321), 'The three spans of Validation add up') FROM model_risk.validation_fact;

SELECT results_eq(
    'SELECT last_request_id, last_validation_date, latest_approved_request_id, latest_known_on, most_recent_full_request_id,
        interim_expiration, active_request_id, substantive_request_id
    FROM model_risk.validation_fact WHERE model_id = 904',
    $$VALUES (NULL::integer, NULL::date, NULL::integer, NULL::date, NULL::integer, NULL::date, NULL::integer, NULL::integer)$$,
    'A model without approved request has no facts'
);
SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.validation_fact', 'SELECT count(*), count(*) FROM model_risk.models',
    'There is one row a model'
);
SELECT * FROM finish();
ROLLBACK;
