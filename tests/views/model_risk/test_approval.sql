-- model_risk.approval: whole rows for each status, and how a standing approval runs out.
BEGIN;
SELECT plan(15);
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

-- 901 tool; 902 never validated; 903 interim; 904 approved; 905 expired; 906 expired under work;
-- 907 and 908 without policy: interim approval over on 30 June, and one without end; 909 under revision
INSERT INTO model_risk.models (model_id, risk_tier_id, is_model) VALUES
(901, 901, false), (902, 901, true), (903, 901, true), (904, 901, true), (905, 901, true), (906, 901, true),
(907, NULL, true), (908, NULL, true), (909, 901, true);
INSERT INTO model_risk.validation_requests
(request_id, validation_type, current_status, prior_validation_request_id, completion_date, created_at, updated_at) VALUES
(910, 'INITIAL', 'APPROVED', NULL, '2022-01-31 12:00+00', '2020-01-01 12:00+00', '2022-01-31 12:00+00'),
(920, 'INITIAL', 'REVIEW', NULL, NULL, '2025-01-01 12:00+00', '2025-01-01 12:00+00'),
(930, 'INTERIM', 'APPROVED', NULL, '2024-06-30 12:00+00', '2020-01-01 12:00+00', '2024-06-30 12:00+00'),
(939, 'INITIAL', 'APPROVED', NULL, '2024-06-20 12:00+00', '2020-01-01 12:00+00', '2024-08-01 12:00+00'),
(940, 'TARGETED', 'APPROVED', NULL, '2024-06-30 12:00+00', '2020-01-01 12:00+00', '2024-06-30 12:00+00'),
(941, 'COMPREHENSIVE', 'REVIEW', 939, NULL, '2025-01-01 12:00+00', '2025-01-01 12:00+00'),
(950, 'INITIAL', 'APPROVED', NULL, '2022-01-31 12:00+00', '2020-01-01 12:00+00', '2022-01-31 12:00+00'),
(951, 'INITIAL', 'INTAKE', NULL, NULL, '2025-02-01 12:00+00', '2025-01-01 12:00+00'),
(960, 'INTERIM', 'APPROVED', NULL, '2022-01-31 12:00+00', '2020-01-01 12:00+00', '2022-01-31 12:00+00'),
(961, 'TARGETED', 'IN_PROGRESS', NULL, NULL, '2025-02-01 12:00+00', '2025-01-01 12:00+00'),
(970, 'INTERIM', 'APPROVED', NULL, '2024-06-30 12:00+00', '2020-01-01 12:00+00', '2024-06-30 12:00+00'),
(980, 'INTERIM', 'APPROVED', NULL, '2020-06-30 12:00+00', '2020-01-01 12:00+00', '2020-06-30 12:00+00'),
(990, 'INITIAL', 'APPROVED', NULL, '2022-01-31 12:00+00', '2020-01-01 12:00+00', '2022-01-31 12:00+00'),
(991, 'COMPREHENSIVE', 'REVISION', 990, NULL, '2025-02-01 12:00+00', '2025-01-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(910, 901), (920, 902), (930, 903), (939, 904), (940, 904), (941, 904), (950, 905), (951, 905), (960, 906), (961, 906),
(970, 907), (980, 908), (990, 909), (991, 909);
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date) VALUES
(930, 'FIT_FOR_PURPOSE', '2024-06-30', '2025-07-31'), (970, 'FIT_FOR_PURPOSE', '2024-06-30', '2025-06-30');

SELECT results_eq(
    'SELECT * FROM model_risk.approval ORDER BY model_id',
    $$VALUES
    (901, NULL, NULL::integer, NULL, NULL::boolean, NULL::date, NULL::integer, NULL, NULL::date),
    (902, 'NEVER_VALIDATED', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (903, 'INTERIM_APPROVED', 930, 'INTERIM', false, '2025-07-31', NULL, NULL, '2025-07-02'),
    (904, 'APPROVED', 940, 'TARGETED', false, '2025-09-19', NULL, NULL, '2025-08-21'),
    (905, 'EXPIRED', 950, 'INITIAL', true, '2023-04-30', NULL, NULL, NULL),
    (906, 'VALIDATION_IN_PROGRESS', 960, 'INTERIM', true, '2023-04-30', 961, 'IN_PROGRESS', NULL),
    (907, 'INTERIM_APPROVED', 970, 'INTERIM', false, '2025-06-30', NULL, NULL, '2025-07-01'),
    (908, 'INTERIM_APPROVED', 980, 'INTERIM', false, NULL, NULL, NULL, NULL),
    (909, 'EXPIRED', 990, 'INITIAL', true, '2023-04-30', NULL, NULL, NULL)$$,
    'Each status fills exactly its columns'
);

CREATE FUNCTION pg_temp.status_on(p_model_id integer, p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (
        SELECT concat_ws(' ', apr.approval_status, apr.active_request_id) FROM model_risk.approval AS apr
        WHERE apr.model_id = p_model_id
    );
END;
$$;
CREATE TEMPORARY TABLE boundary (claim text, model_id integer, day text, expected text);
INSERT INTO boundary VALUES
('Interim: the day before submission is due', 903, '2025-06-30', 'INTERIM_APPROVED'),
('Interim: the day submission is due', 903, '2025-07-01', 'INTERIM_APPROVED'),
('Interim: the day after submission was due, a month before its end', 903, '2025-07-02', 'EXPIRED'),
('The day grace ends without submission', 904, '2025-08-20', 'APPROVED'),
('The day after grace, with work going on', 904, '2025-08-21', 'VALIDATION_IN_PROGRESS 941'),
('Without policy: the day before the interim approval ends', 907, '2025-06-29', 'INTERIM_APPROVED'),
('Without policy: the day the interim approval ends', 907, '2025-06-30', 'INTERIM_APPROVED'),
('Without policy: the day after the interim approval ended', 907, '2025-07-01', 'EXPIRED'),
('Without policy and end: thirty years later', 908, '2055-06-30', 'INTERIM_APPROVED');
SELECT is(pg_temp.status_on(model_id, day), expected, claim) FROM boundary;

SET LOCAL tidemark.as_of = '2025-07-01';
SELECT is(
    (rev.revalidation_status, rev.is_overdue, apr.is_overdue), ('No Policy Configured'::text, false, true),
    'An expired interim approval without policy is overdue as an approval, on time as a revalidation'
) FROM model_risk.revalidation AS rev
INNER JOIN model_risk.approval AS apr ON rev.model_id = apr.model_id
WHERE rev.model_id = 907;
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (961, 907);
SELECT is(
    pg_temp.status_on(907, '2025-07-01'), 'VALIDATION_IN_PROGRESS 961',
    'An expired interim approval without policy is in progress while work goes on'
);
SET LOCAL tidemark.as_of = '2025-06-30';
INSERT INTO model_risk.validation_approvals (request_id, approver_role, approval_type, approval_status, created_at)
VALUES (940, 'Head', 'Global', 'Pending', '2024-06-01'), (940, 'Head', 'Global', 'Rejected', '2024-06-01');
SELECT is(pg_temp.status_on(904, '2025-06-30'), 'APPROVED', 'A pending or rejected approval never changes the status');

UPDATE model_risk.validation_requests SET completion_date = NULL WHERE request_id IN (939, 940);
SELECT is(
    latest_approved_request_id, 939, 'Without completion dates the approval edited last is the latest'
) FROM model_risk.approval WHERE model_id = 904;
SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.approval', 'SELECT count(*), count(*) FROM model_risk.models',
    'There is one row a model'
);
SELECT * FROM finish();
ROLLBACK;
