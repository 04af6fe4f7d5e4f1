-- Migration 0005: requests, outcomes, approvals and the record of status changes.
BEGIN;
SELECT plan(27);
SET LOCAL tidemark.as_of = '2025-06-30';

CREATE FUNCTION pg_temp.violated(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_constraint text;
BEGIN
    EXECUTE p_statement;
    RETURN 'accepted';
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
    RETURN SQLSTATE || ' ' || v_constraint;
END;
$$;

SELECT columns_are('model_risk', 'validation_requests', ARRAY[
    'request_id', 'validation_type', 'current_status', 'priority', 'request_date', 'prior_validation_request_id',
    'submission_received_date', 'target_completion_date', 'completion_date', 'validated_risk_tier_id', 'created_at',
    'updated_at'
]);
SELECT columns_are('model_risk', 'validation_request_models', ARRAY['request_id', 'model_id', 'version_id']);
SELECT columns_are('model_risk', 'validation_outcomes', ARRAY[
    'outcome_id', 'request_id', 'overall_rating', 'effective_date', 'expiration_date'
]);
SELECT columns_are('model_risk', 'validation_scorecard_results', ARRAY['result_id', 'request_id', 'overall_rating']);
SELECT columns_are('model_risk', 'validation_approvals', ARRAY[
    'approval_id', 'request_id', 'approver_id', 'approver_role', 'approval_type', 'region_id', 'conditional_role_id',
    'is_required', 'approval_status', 'approved_at', 'voided_at', 'created_at'
]);
SELECT columns_are('model_risk', 'model_approval_status_history', ARRAY[
    'history_id', 'model_id', 'old_status', 'new_status', 'changed_at', 'trigger_type', 'notes'
]);

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00001');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'A', 'USER', 901);
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe');
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01');
INSERT INTO model_risk.validation_requests (
    request_id, validation_type, current_status, priority, request_date, prior_validation_request_id,
    target_completion_date, created_at, updated_at
) VALUES
(901, 'INITIAL', 'APPROVED', 'STANDARD', '2024-01-01', NULL, '2024-06-01', '2024-01-01', '2024-01-01'),
(902, 'COMPREHENSIVE', 'INTAKE', 'URGENT', '2024-01-01', 901, '2024-06-01', '2024-01-01', '2024-01-01');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (901, 901), (902, 901);
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date)
VALUES (901, 'FIT_FOR_PURPOSE', '2024-01-01');
INSERT INTO model_risk.validation_scorecard_results (request_id, overall_rating) VALUES (901, 'Green-');
INSERT INTO model_risk.validation_approvals (
    approval_id, request_id, approver_role, approval_type, region_id, approval_status, created_at
) VALUES
(901, 901, 'Head', 'Global', NULL, 'Pending', '2024-01-01'),
(902, 901, 'Regional head', 'Regional', 901, 'Pending', '2024-01-01');
INSERT INTO model_risk.model_approval_status_history (model_id, new_status, changed_at, trigger_type)
VALUES (901, 'APPROVED', '2024-01-01', 'BACKFILL');

SELECT ok(bool_and(is_required), 'An approval is required unless stated otherwise') FROM model_risk.validation_approvals;
SELECT is(
    pg_temp.violated('UPDATE model_risk.validation_scorecard_results SET overall_rating = NULL'), 'accepted',
    'A scorecard may have no overall rating yet'
);

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'A validation type is one of the table', '23503 validation_requests_validation_type_fkey',
    $$UPDATE model_risk.validation_requests SET validation_type = 'FULL'$$
),
(
    'A request status is one of the table', '23503 validation_requests_current_status_fkey',
    $$UPDATE model_risk.validation_requests SET current_status = 'ASSIGNED'$$
),
(
    'A priority is URGENT or STANDARD', '23514 validation_requests_priority_is_known_check',
    $$UPDATE model_risk.validation_requests SET priority = 'HIGH'$$
),
(
    'A request covers a model once', '23505 validation_request_models_pkey',
    $$INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (901, 901)$$
),
(
    'A request has one outcome', '23505 validation_outcomes_request_id_key',
    $$INSERT INTO model_risk.validation_outcomes (outcome_id, request_id, overall_rating, effective_date)
    VALUES (999, 901, 'FIT_FOR_PURPOSE', '2024-01-01')$$
),
(
    'An outcome is fit or not fit', '23514 validation_outcomes_overall_rating_is_known_check',
    $$UPDATE model_risk.validation_outcomes SET overall_rating = 'FIT'$$
),
(
    'A request has one scorecard', '23505 validation_scorecard_results_request_id_key',
    $$INSERT INTO model_risk.validation_scorecard_results (result_id, request_id) VALUES (999, 901)$$
),
(
    'A scorecard colour is one of the six', '23514 validation_scorecard_results_overall_rating_is_known_check',
    $$UPDATE model_risk.validation_scorecard_results SET overall_rating = 'Red-'$$
),
(
    'An approval type is one of the three', '23514 validation_approvals_approval_type_is_known_check',
    $$UPDATE model_risk.validation_approvals SET approval_type = 'Local' WHERE approval_id = 901$$
),
(
    'A global approval has no region', '23514 validation_approvals_region_only_when_regional_check',
    $$UPDATE model_risk.validation_approvals SET region_id = 901 WHERE approval_id = 901$$
),
(
    'A regional approval has a region', '23514 validation_approvals_region_only_when_regional_check',
    $$UPDATE model_risk.validation_approvals SET region_id = NULL WHERE approval_id = 902$$
),
(
    'An approval status is one of the five', '23514 validation_approvals_approval_status_is_known_check',
    $$UPDATE model_risk.validation_approvals SET approval_status = 'Voided'$$
),
(
    'History never records a status that stayed', '23514 model_approval_status_history_is_a_change_check',
    $$UPDATE model_risk.model_approval_status_history SET old_status = new_status$$
),
(
    'A reason to record is one of the six', '23514 model_approval_status_history_trigger_type_is_known_check',
    $$UPDATE model_risk.model_approval_status_history SET trigger_type = 'NIGHTLY'$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

SELECT throws_ok(
    'UPDATE model_risk.model_approval_status_history SET new_status = NULL', '23502', NULL,
    'History never records a missing status'
);

DELETE FROM model_risk.validation_requests WHERE request_id = 901;
SELECT is(
    prior_validation_request_id, NULL, 'A request outlives its prior and forgets it'
) FROM model_risk.validation_requests WHERE request_id = 902;
SELECT is_empty('SELECT * FROM model_risk.validation_approvals', 'A deleted request takes its approvals along');
SELECT is_empty('SELECT * FROM model_risk.validation_outcomes', 'A deleted request takes its outcome along');
DELETE FROM model_risk.models WHERE model_id = 901;
SELECT is_empty('SELECT * FROM model_risk.model_approval_status_history', 'A deleted model takes its history along');
SELECT * FROM finish();
ROLLBACK;
