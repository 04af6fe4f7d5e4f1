-- Migration 0007: monitoring plans, cycles and results, and what they find.
BEGIN;
SELECT plan(33);
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

SELECT columns_are('model_risk', 'monitoring_plans', ARRAY['plan_id', 'name', 'frequency', 'is_active']);
SELECT columns_are('model_risk', 'monitoring_plan_memberships', ARRAY[
    'membership_id', 'plan_id', 'model_id', 'effective_from', 'effective_to'
]);
SELECT columns_are('model_risk', 'monitoring_plan_metrics', ARRAY[
    'metric_id', 'plan_id', 'metric_name', 'evaluation_type', 'yellow_min', 'yellow_max', 'red_min', 'red_max', 'is_active'
]);
SELECT columns_are('model_risk', 'monitoring_cycles', ARRAY[
    'cycle_id', 'plan_id', 'period_start_date', 'period_end_date', 'submission_due_date', 'report_due_date', 'status',
    'submitted_at'
]);
SELECT columns_are('model_risk', 'monitoring_cycle_model_scopes', ARRAY['cycle_id', 'model_id']);
SELECT columns_are('model_risk', 'monitoring_results', ARRAY[
    'result_id', 'cycle_id', 'plan_metric_id', 'model_id', 'numeric_value', 'calculated_outcome', 'narrative',
    'entered_by_user_id'
]);
SELECT columns_are('model_risk', 'recommendations', ARRAY[
    'recommendation_id', 'recommendation_code', 'model_id', 'monitoring_cycle_id', 'title', 'priority', 'current_status',
    'original_target_date', 'current_target_date', 'created_at', 'closed_at'
]);
SELECT columns_are('model_risk', 'model_limitations', ARRAY['limitation_id', 'model_id', 'significance', 'is_retired']);
SELECT columns_are('model_risk', 'model_exceptions', ARRAY[
    'exception_id', 'exception_code', 'model_id', 'exception_type', 'status', 'detected_at'
]);
SELECT columns_are('model_risk', 'decommissioning_requests', ARRAY[
    'decommissioning_request_id', 'model_id', 'status', 'created_at', 'final_reviewed_at'
]);

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00001');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'A', 'USER', 901);
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01');
INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active) VALUES (901, 'Plan', 'Quarterly', true);
INSERT INTO model_risk.monitoring_plan_memberships (membership_id, plan_id, model_id, effective_from, effective_to)
VALUES (901, 901, 901, '2024-01-01', '2024-01-01'), (902, 901, 901, '2024-02-01', NULL);
INSERT INTO model_risk.monitoring_plan_metrics (metric_id, plan_id, metric_name, evaluation_type, is_active)
VALUES (901, 901, 'Gini', 'Quantitative', true);
INSERT INTO model_risk.monitoring_cycles
(cycle_id, plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status)
VALUES (901, 901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'APPROVED');
INSERT INTO model_risk.monitoring_cycle_model_scopes (cycle_id, model_id) VALUES (901, 901);
INSERT INTO model_risk.monitoring_results (cycle_id, plan_metric_id, model_id, entered_by_user_id) VALUES (901, 901, 901, 901);
INSERT INTO model_risk.recommendations
(recommendation_code, model_id, monitoring_cycle_id, title, priority, current_status, created_at)
VALUES ('REC-1', 901, 901, 'Fix', 'HIGH', 'REC_OPEN', '2025-01-01');
INSERT INTO model_risk.model_limitations (model_id, significance, is_retired) VALUES (901, 'Critical', false);
INSERT INTO model_risk.model_exceptions (exception_code, model_id, exception_type, status, detected_at)
VALUES ('EXC-1', 901, 'USE_PRIOR_TO_VALIDATION', 'OPEN', '2025-01-01');
INSERT INTO model_risk.decommissioning_requests (model_id, status, created_at) VALUES (901, 'PENDING', '2025-01-01');

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'A frequency is one of the four', '23514 monitoring_plans_frequency_is_known_check',
    $$UPDATE model_risk.monitoring_plans SET frequency = 'Weekly'$$
),
(
    'A membership does not end before it starts', '23514 monitoring_plan_memberships_end_not_before_start_check',
    $$UPDATE model_risk.monitoring_plan_memberships SET effective_to = '2023-12-31' WHERE membership_id = 901$$
),
(
    'A model has at most one open membership', '23505 monitoring_plan_memberships_one_open_key',
    $$UPDATE model_risk.monitoring_plan_memberships SET effective_to = NULL WHERE membership_id = 901$$
),
(
    'An evaluation type is one of the three', '23514 monitoring_plan_metrics_evaluation_type_is_known_check',
    $$UPDATE model_risk.monitoring_plan_metrics SET evaluation_type = 'Judgement'$$
),
(
    'A monitoring cycle status is one of the seven', '23514 monitoring_cycles_status_is_known_check',
    $$UPDATE model_risk.monitoring_cycles SET status = 'CLOSED'$$
),
(
    'A model is frozen into a cycle once', '23505 monitoring_cycle_model_scopes_pkey',
    $$INSERT INTO model_risk.monitoring_cycle_model_scopes (cycle_id, model_id) VALUES (901, 901)$$
),
(
    'A metric of a model is measured once a cycle', '23505 monitoring_results_cycle_id_plan_metric_id_model_id_key',
    $$INSERT INTO model_risk.monitoring_results (result_id, cycle_id, plan_metric_id, model_id, entered_by_user_id)
    VALUES (999, 901, 901, 901, 901)$$
),
(
    'An outcome is one of the five', '23514 monitoring_results_calculated_outcome_is_known_check',
    $$UPDATE model_risk.monitoring_results SET calculated_outcome = 'Red'$$
),
(
    'A recommendation code occurs once', '23505 recommendations_recommendation_code_key',
    $$INSERT INTO model_risk.recommendations
    (recommendation_id, recommendation_code, model_id, title, priority, current_status, created_at)
    VALUES (999, 'REC-1', 901, 'Again', 'LOW', 'REC_OPEN', '2025-01-01')$$
),
(
    'A recommendation priority is one of the four', '23514 recommendations_priority_is_known_check',
    $$UPDATE model_risk.recommendations SET priority = 'URGENT'$$
),
(
    'A limitation is critical or not', '23514 model_limitations_significance_is_known_check',
    $$UPDATE model_risk.model_limitations SET significance = 'Major'$$
),
(
    'An exception code occurs once', '23505 model_exceptions_exception_code_key',
    $$INSERT INTO model_risk.model_exceptions (exception_id, exception_code, model_id, exception_type, status, detected_at)
    VALUES (999, 'EXC-1', 901, 'USE_PRIOR_TO_VALIDATION', 'OPEN', '2025-01-01')$$
),
(
    'An exception type is one of the three', '23514 model_exceptions_exception_type_is_known_check',
    $$UPDATE model_risk.model_exceptions SET exception_type = 'OTHER'$$
),
(
    'An exception status is one of the three', '23514 model_exceptions_status_is_known_check',
    $$UPDATE model_risk.model_exceptions SET status = 'RESOLVED'$$
),
(
    'A decommissioning status is one of the five', '23514 decommissioning_requests_status_is_known_check',
    $$UPDATE model_risk.decommissioning_requests SET status = 'OPEN'$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

DELETE FROM model_risk.monitoring_cycles;
SELECT is_empty('SELECT * FROM model_risk.monitoring_results', 'A deleted cycle takes its results along');
SELECT is(
    monitoring_cycle_id, NULL, 'A recommendation outlives the cycle that led to it'
) FROM model_risk.recommendations;
SELECT lives_ok('DELETE FROM model_risk.models', 'A model with findings can be deleted');
SELECT is_empty('SELECT * FROM model_risk.recommendations', 'A deleted model takes its recommendations along');
SELECT is_empty('SELECT * FROM model_risk.model_limitations', 'A deleted model takes its limitations along');
SELECT is_empty('SELECT * FROM model_risk.model_exceptions', 'A deleted model takes its exceptions along');
SELECT is_empty(
    'SELECT * FROM model_risk.decommissioning_requests', 'A deleted model takes its decommissioning requests along'
);
SELECT ok(EXISTS (SELECT FROM model_risk.monitoring_plans), 'A deleted model leaves its plan');
SELECT * FROM finish();
ROLLBACK;
