-- monitoring_scope_of(): models frozen into a cycle, else those with results, else the open members of its plan.
BEGIN;
SELECT plan(6);
SET LOCAL tidemark.as_of = '2025-06-30';

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'Owner', 'USER', 901);
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
SELECT id, 'M', 'In-House', 901, 'Active', '2020-01-01' FROM generate_series(901, 905) AS id;
INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active) VALUES (901, 'Plan', 'Annual', true), (902, 'Other', 'Annual', true);
INSERT INTO model_risk.monitoring_plan_metrics (metric_id, plan_id, metric_name, evaluation_type, is_active) VALUES
(901, 901, 'Gini', 'Quantitative', true), (902, 901, 'Drift', 'Quantitative', true);
INSERT INTO model_risk.monitoring_plan_memberships (plan_id, model_id, effective_from, effective_to) VALUES
(901, 901, '2020-01-01', NULL), (901, 902, '2020-01-01', NULL), (901, 903, '2020-01-01', '2021-01-01'), (902, 904, '2020-01-01', NULL);
INSERT INTO model_risk.monitoring_cycles
(cycle_id, plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status) VALUES
(901, 901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'DATA_COLLECTION'),
(902, 901, '2025-04-01', '2025-06-30', '2025-07-15', '2025-07-30', 'DATA_COLLECTION');
PREPARE scope AS SELECT * FROM model_risk.monitoring_scope_of(901) AS scope ORDER BY scope;

SELECT results_eq('scope', 'VALUES (901), (902)', 'Without more the open members of the plan are in scope');
INSERT INTO model_risk.monitoring_results (cycle_id, plan_metric_id, model_id, entered_by_user_id) VALUES
(901, 901, 903, 901), (901, 902, 903, 901), (901, 901, NULL, 901), (902, 901, 904, 901);
SELECT results_eq('scope', 'VALUES (903)', 'Models with results in the cycle come before the plan, each once');
INSERT INTO model_risk.monitoring_cycle_model_scopes (cycle_id, model_id) VALUES (902, 901), (901, 905);
SELECT results_eq('scope', 'VALUES (905)', 'Models frozen into the cycle come before everything');
SELECT is_empty('SELECT * FROM model_risk.monitoring_scope_of(999999)', 'An unknown cycle has no scope');
SELECT is_empty('SELECT * FROM model_risk.monitoring_scope_of(NULL)', 'No cycle has no scope');
DELETE FROM model_risk.monitoring_cycle_model_scopes;
DELETE FROM model_risk.monitoring_results;
UPDATE model_risk.monitoring_plan_memberships SET effective_to = '2030-01-01' WHERE effective_to IS NULL;
SELECT is_empty('scope', 'A cycle without frozen models, results and open members has no scope');
SELECT * FROM finish();
ROLLBACK;
