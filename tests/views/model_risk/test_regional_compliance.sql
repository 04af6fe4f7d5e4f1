-- model_risk.regional_compliance: the validation of the deployed version and the regional approval that counts.
BEGIN;
SELECT plan(14);
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
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES
(902, 'b@bank', 'Approver', 'REGIONAL_APPROVER', 901), (903, 'c@bank', 'Deputy', 'REGIONAL_APPROVER', 901);
INSERT INTO model_risk.regions (region_id, code, name, requires_regional_approval) VALUES
(901, 'EU', 'Europe', true), (902, 'US', 'States', false);
INSERT INTO model_risk.models (model_id, model_name, status) VALUES (901, 'Rates', 'Active'), (902, 'Fraud', 'Retired');
INSERT INTO model_risk.validation_requests (request_id, current_status, completion_date) VALUES
(911, 'APPROVED', '2024-03-01 12:00+00'), (912, 'ON_HOLD', NULL), (913, 'CANCELLED', NULL), (914, 'REVISION', NULL);
INSERT INTO model_risk.model_versions
(version_id, model_id, version_number, change_type, scope, status, validation_request_id, created_at) VALUES
(921, 901, '1.0', 'MAJOR', 'GLOBAL', 'ACTIVE', 911, '2024-01-01'),
(922, 901, '2.0', 'MAJOR', 'GLOBAL', 'DRAFT', NULL, '2024-01-01'),
(923, 902, '1.0', 'MAJOR', 'GLOBAL', 'ACTIVE', 912, '2024-01-01');
INSERT INTO model_risk.validation_request_models (request_id, model_id, version_id) VALUES (911, 901, 922);
INSERT INTO model_risk.model_regions (model_id, region_id, version_id, deployed_at, deployment_notes) VALUES
(901, 901, 921, '2024-04-01 12:00+00', 'phased'), (901, 902, 922, NULL, NULL), (902, 901, NULL, NULL, NULL),
(902, 902, 923, '2024-04-02 12:00+00', NULL);
INSERT INTO model_risk.validation_approvals
(approval_id, request_id, approver_id, approver_role, approval_type, region_id, approval_status, approved_at, created_at) VALUES
(931, 911, 902, 'Head EU', 'Regional', 901, 'Approved', '2024-02-28 12:00+00', '2024-01-01');

SELECT results_eq(
    'SELECT * FROM model_risk.regional_compliance WHERE model_id IN (901, 902) ORDER BY model_id, region_id',
    $$VALUES
    (901, 901, 'EU'::varchar, 'Europe'::varchar, true, 'Rates'::varchar, 901, '1.0'::varchar, '2024-04-01 12:00+00'::timestamptz,
        'phased', 911, 'Approved', 'APPROVED', '2024-03-01 12:00+00'::timestamptz,
        true, 'Approver', 'Head EU', 'Approved', '2024-02-28 12:00+00'::timestamptz, false, false, true),
    (901, 902, 'US', 'States', false, 'Rates', 901, '2.0', NULL, NULL, NULL, NULL, NULL, NULL,
        false, NULL, NULL, NULL, NULL, true, false, false),
    (902, 901, 'EU', 'Europe', true, 'Fraud', 901, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        false, NULL, NULL, NULL, NULL, false, false, false),
    (902, 902, 'US', 'States', false, 'Fraud', 901, '1.0', '2024-04-02 12:00+00', NULL, 912, 'On Hold', 'ON_HOLD', NULL,
        false, NULL, NULL, NULL, NULL, false, true, false)$$,
    'The version''s own request counts, not the requests that name the model; a link without version is not deployed'
);

-- Which approval is picked
PREPARE picked AS SELECT regional_approver_name, regional_approver_role, regional_approval_status
FROM model_risk.regional_compliance WHERE model_id = 901 AND region_id = 901;
INSERT INTO model_risk.validation_approvals
(approval_id, request_id, approver_id, approver_role, approval_type, region_id, approval_status, approved_at, created_at)
VALUES (932, 911, 903, 'Head EU', 'Regional', 901, 'Sent Back', '2024-02-28 12:00+00', '2024-01-01');
SELECT results_eq(
    'picked', $$VALUES ('Deputy', 'Head EU', 'Sent Back')$$,
    'Of two decisions of one instant the greater number counts, granted or not'
);
UPDATE model_risk.validation_approvals SET approved_at = '2024-02-28 12:01+00' WHERE approval_id = 931;
SELECT results_eq('picked', $$VALUES ('Approver', 'Head EU', 'Approved')$$, 'The latest decision counts');
INSERT INTO model_risk.validation_approvals
(approval_id, request_id, approver_id, approver_role, approval_type, region_id, approval_status, approved_at, created_at)
VALUES (930, 911, 903, 'Stand-in', 'Regional', 901, 'Pending', NULL, '2023-01-01');
SELECT results_eq(
    'picked', $$VALUES ('Deputy', 'Stand-in', 'Pending')$$, 'A pending approval outranks every decision, however old it is'
);
UPDATE model_risk.validation_approvals SET voided_at = '2024-05-01 12:00+00' WHERE approval_id = 930;
SELECT results_eq('picked', $$VALUES ('Deputy', 'Stand-in', 'Pending')$$, 'A voided approval still counts');
UPDATE model_risk.validation_approvals SET approver_id = NULL WHERE approval_id = 930;
SELECT results_eq('picked', $$VALUES ('Approver', 'Head EU', 'Approved')$$, 'An approval nobody is assigned to is not seen');
UPDATE model_risk.validation_approvals SET approver_id = 903, region_id = 902 WHERE approval_id = 930;
SELECT results_eq('picked', $$VALUES ('Approver', 'Head EU', 'Approved')$$, 'An approval of another region is not seen');
UPDATE model_risk.validation_approvals SET approval_type = 'Global', region_id = NULL WHERE approval_id = 930;
SELECT results_eq('picked', $$VALUES ('Approver', 'Head EU', 'Approved')$$, 'A global approval is not seen');
UPDATE model_risk.validation_approvals SET approval_type = 'Regional', region_id = 901, request_id = 912 WHERE approval_id = 930;
SELECT results_eq('picked', $$VALUES ('Approver', 'Head EU', 'Approved')$$, 'An approval of another request is not seen');

UPDATE model_risk.regions SET requires_regional_approval = false WHERE region_id = 901;
SELECT results_eq('picked', 'VALUES (NULL::text, NULL::text, NULL::text)', 'A region that asks for none shows no approval');
SELECT is(
    has_regional_approval, false, 'A region that asks for none has none'
) FROM model_risk.regional_compliance WHERE model_id = 901 AND region_id = 901;

-- What a request says about the deployment
UPDATE model_risk.model_versions SET validation_request_id = 914 WHERE version_id = 923;
SELECT is(
    (is_deployed_without_validation, is_validation_pending, is_validation_approved), (false, true, false),
    'A request under revision is pending'
) FROM model_risk.regional_compliance WHERE model_id = 902 AND region_id = 902;
UPDATE model_risk.model_versions SET validation_request_id = 913 WHERE version_id = 923;
SELECT is(
    (is_deployed_without_validation, is_validation_pending, is_validation_approved), (false, false, false),
    'A cancelled request is neither pending nor approved, nor missing'
) FROM model_risk.regional_compliance WHERE model_id = 902 AND region_id = 902;
SELECT results_eq(
    'SELECT count(*), count(DISTINCT (model_id, region_id)) FROM model_risk.regional_compliance',
    'SELECT count(*), count(*) FROM model_risk.model_regions', 'There is one row a model and region'
);
SELECT * FROM finish();
ROLLBACK;
