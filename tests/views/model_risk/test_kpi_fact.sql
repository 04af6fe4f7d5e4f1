-- model_risk.kpi_fact: the flags of one active model, each set by the smallest row that sets it.
BEGIN;
SELECT plan(39);
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
INSERT INTO model_risk.validation_policies (risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
VALUES (901, 12, 2, 30);
INSERT INTO model_risk.methodology_categories (category_id, code, name, is_aiml) VALUES (901, 'ML', 'Learning', true), (902, 'X', 'X', false);
INSERT INTO model_risk.methodologies (methodology_id, category_id, name) VALUES (901, 901, 'Forest'), (902, 902, 'Rules');
INSERT INTO model_risk.models (model_id, status, is_model) VALUES
(901, 'Active', true), (902, 'In Development', true), (903, 'Pending Decommission', true), (904, 'Retired', true),
(905, 'Active', false);
INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active) VALUES (901, 'Plan', 'Quarterly', true), (902, 'P', 'Annual', true);
INSERT INTO model_risk.monitoring_plan_metrics (metric_id, plan_id, metric_name, evaluation_type, is_active) VALUES
(901, 901, 'Gini', 'Quantitative', true), (902, 901, 'Drift', 'Quantitative', false);

SELECT results_eq(
    'SELECT * FROM model_risk.kpi_fact WHERE model_id BETWEEN 901 AND 905 ORDER BY model_id',
    $$VALUES
    (901, 901, 'Unassigned', false, false, false, false, false, false, false, false, false, false, false, 0, false, false,
        false, false, NULL::date),
    (905, 901, 'Unassigned', false, false, false, false, false, false, false, false, false, false, false, 0, false, false,
        false, false, NULL)$$,
    'Only active models appear, tools included; a bare one sets no flag'
);

CREATE FUNCTION pg_temp.flags() RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ',
    CASE WHEN has_tier THEN 'tier:' || tier_label END, CASE WHEN is_third_party THEN 'vendor' END, CASE WHEN is_aiml THEN 'aiml' END,
    CASE WHEN is_overdue THEN 'overdue' END, CASE WHEN is_interim_approved THEN 'interim' END,
    CASE WHEN is_monitored THEN 'monitored' END, CASE WHEN is_breaching THEN 'breaching' END,
    CASE WHEN has_approved_cycle THEN 'cycle' END, CASE WHEN is_monitoring_timely THEN 'timely' END,
    CASE WHEN has_monitoring_issue THEN 'issue' END, CASE WHEN has_high_recommendation THEN 'high' END,
    CASE WHEN has_critical_limitation THEN 'critical' END, CASE WHEN has_open_exception THEN 'exception' END,
    CASE WHEN recommendations_without_target_date > 0 THEN 'dateless:' || recommendations_without_target_date END
) FROM model_risk.kpi_fact WHERE model_id = 901
$$;

-- Tier, origin, method
UPDATE model_risk.models SET risk_tier_id = 901 WHERE model_id = 901;
SELECT is(pg_temp.flags(), 'tier:One', 'A tier shows its label');
UPDATE model_risk.models SET risk_tier_id = NULL, development_type = 'Third-Party' WHERE model_id = 901;
SELECT is(pg_temp.flags(), 'vendor', 'A third-party model is a vendor model');
UPDATE model_risk.models SET development_type = 'In-House', methodology_id = 901 WHERE model_id = 901;
SELECT is(pg_temp.flags(), 'aiml', 'A method of a learning category is machine learning');
UPDATE model_risk.models SET methodology_id = 902 WHERE model_id = 901;
SELECT is(pg_temp.flags(), '', 'Another method is not');

-- Recommendations
INSERT INTO model_risk.monitoring_cycles
(cycle_id, plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status, submitted_at) VALUES
(901, 901, '2024-10-01', '2024-12-31', '2025-01-15', '2025-01-30', 'PENDING', NULL),
(902, 901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'PENDING', NULL);
INSERT INTO model_risk.recommendations
(recommendation_code, model_id, monitoring_cycle_id, title, priority, current_status, current_target_date, created_at, closed_at)
VALUES ('R1', 901, NULL, 'R', 'MEDIUM', 'REC_OPEN', '2025-01-01', '2025-01-01', NULL);
SELECT is(pg_temp.flags(), '', 'A plain open recommendation sets no flag');
UPDATE model_risk.recommendations SET current_target_date = NULL;
SELECT is(pg_temp.flags(), 'dateless:1', 'An open recommendation without target date is counted');
INSERT INTO model_risk.recommendations
(recommendation_code, model_id, title, priority, current_status, created_at) VALUES ('R2', 901, 'R', 'LOW', 'REC_DROPPED', '2025-01-01');
SELECT is(pg_temp.flags(), 'dateless:2', 'Each of them is counted, dropped ones too');
UPDATE model_risk.recommendations SET priority = 'HIGH', monitoring_cycle_id = 901, current_target_date = '2025-01-01'
WHERE recommendation_code = 'R1';
SELECT is(pg_temp.flags(), 'issue high dateless:1', 'An open recommendation can be a monitoring issue and of high priority');
UPDATE model_risk.recommendations SET closed_at = '2025-01-02';
SELECT is(pg_temp.flags(), '', 'A closed recommendation sets no flag');

-- Limitations and exceptions
INSERT INTO model_risk.model_limitations (model_id, significance, is_retired) VALUES (901, 'Critical', true), (901, 'Non-Critical', false);
SELECT is(pg_temp.flags(), '', 'A retired critical and a living minor limitation set no flag');
UPDATE model_risk.model_limitations SET is_retired = false;
SELECT is(pg_temp.flags(), 'critical', 'A living critical limitation does');
DELETE FROM model_risk.model_limitations;
INSERT INTO model_risk.model_exceptions (exception_code, model_id, exception_type, status, detected_at)
VALUES ('E1', 901, 'USE_PRIOR_TO_VALIDATION', 'OPEN', '2025-01-01');
SELECT is(pg_temp.flags(), 'exception', 'An open exception sets the flag');
UPDATE model_risk.model_exceptions SET status = 'ACKNOWLEDGED';
SELECT is(pg_temp.flags(), 'exception', 'An acknowledged exception is still open');
UPDATE model_risk.model_exceptions SET status = 'CLOSED';
SELECT is(pg_temp.flags(), '', 'A closed exception is not');

-- Monitoring
INSERT INTO model_risk.monitoring_results (result_id, cycle_id, plan_metric_id, model_id, calculated_outcome, entered_by_user_id)
VALUES (901, 901, 901, 901, 'RED', 901);
SELECT is(pg_temp.flags(), '', 'A red result of a model that no plan watches sets no flag');
INSERT INTO model_risk.monitoring_plan_memberships (membership_id, plan_id, model_id, effective_from, effective_to)
VALUES (901, 901, 901, '2025-05-01', '2025-05-02');
SELECT is(pg_temp.flags(), '', 'A membership that has ended does not watch');
UPDATE model_risk.monitoring_plan_memberships SET effective_to = NULL;
SELECT is(pg_temp.flags(), 'monitored breaching', 'An open membership watches; the latest result is red');
UPDATE model_risk.monitoring_results SET calculated_outcome = 'YELLOW';
SELECT is(pg_temp.flags(), 'monitored', 'Yellow is no breach');
INSERT INTO model_risk.monitoring_plan_memberships (membership_id, plan_id, model_id, effective_from) VALUES (905, 902, 905, '2025-05-01');
SELECT is((fct.is_monitored, fct.is_breaching), (true, false), 'Watched, but never measured is no breach')
FROM model_risk.kpi_fact AS fct WHERE fct.model_id = 905;
UPDATE model_risk.monitoring_results SET calculated_outcome = 'RED';
INSERT INTO model_risk.monitoring_results (result_id, cycle_id, plan_metric_id, model_id, calculated_outcome, entered_by_user_id)
VALUES (902, 902, 901, 901, 'GREEN', 901);
SELECT is(pg_temp.flags(), 'monitored', 'A later cycle without red ends the breach');
INSERT INTO model_risk.monitoring_results (result_id, cycle_id, plan_metric_id, model_id, calculated_outcome, entered_by_user_id)
VALUES (903, 902, 902, 901, 'RED', 901);
SELECT is(pg_temp.flags(), 'monitored breaching', 'One red of several results in the latest cycle is a breach');
UPDATE model_risk.monitoring_results SET calculated_outcome = NULL WHERE result_id = 903;
SELECT is(pg_temp.flags(), 'monitored', 'A result without outcome is no breach');
UPDATE model_risk.monitoring_cycles SET period_end_date = '2024-12-31' WHERE cycle_id = 902;
SELECT is(pg_temp.flags(), 'monitored breaching', 'Cycles that ended on one day are judged together');
DELETE FROM model_risk.monitoring_results;

UPDATE model_risk.monitoring_cycles SET status = 'APPROVED', submitted_at = '2025-01-15 23:59+00' WHERE cycle_id = 901;
SELECT is(pg_temp.flags(), 'monitored cycle timely', 'A cycle from before the membership counts, timely on its due day');
UPDATE model_risk.monitoring_cycles SET submitted_at = '2025-01-16 00:00+00' WHERE cycle_id = 901;
SELECT is(pg_temp.flags(), 'monitored cycle', 'The day after is late');
UPDATE model_risk.monitoring_cycles SET status = 'APPROVED', submitted_at = '2025-01-01 00:00+00';
SELECT is(pg_temp.flags(), 'monitored cycle timely', 'All cycles in time are in time');
UPDATE model_risk.monitoring_cycles SET submitted_at = NULL WHERE cycle_id = 902;
SELECT is(pg_temp.flags(), 'monitored cycle', 'One cycle never submitted spoils the rest');
UPDATE model_risk.monitoring_plan_memberships SET plan_id = 902;
SELECT is(pg_temp.flags(), 'monitored', 'Only cycles of the plan that watches today count');
DELETE FROM model_risk.monitoring_plan_memberships;

-- Validation: overdue from the day after grace on, interim while its approval holds
UPDATE model_risk.models SET risk_tier_id = 901 WHERE model_id = 901;
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at)
VALUES (911, 'INTERIM', '2024-04-30 12:00+00', '2024-04-30 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (911, 901);
SELECT is(pg_temp.flags(), 'tier:One interim', 'The last request is interim and holds');
SELECT is(next_change_on, '2025-07-01'::date, 'It is overdue the day after grace') FROM model_risk.kpi_fact WHERE model_id = 901;
SET LOCAL tidemark.as_of = '2025-07-01';
SELECT is(pg_temp.flags(), 'tier:One overdue', 'On that day it no longer holds');
UPDATE model_risk.models SET is_model = false WHERE model_id = 901;
SET LOCAL tidemark.as_of = '2025-06-30';
SELECT is(pg_temp.flags(), 'tier:One interim', 'A tool with an interim approval counts as well');
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at)
VALUES (912, 'TARGETED', '2023-04-30 12:00+00', '2024-05-30 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (912, 901);
SELECT is(pg_temp.flags(), 'tier:One overdue', 'The request edited last decides, not the one completed last');
UPDATE model_risk.models SET risk_tier_id = NULL WHERE model_id = 901;
DELETE FROM model_risk.validation_requests WHERE request_id = 912;
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date)
VALUES (911, 'FIT_FOR_PURPOSE', '2024-04-30', '2025-06-30');
SELECT is(pg_temp.flags(), 'interim', 'Without policy an interim approval holds on its last day');
SELECT is(next_change_on, '2025-07-01'::date, 'It ends the day after') FROM model_risk.kpi_fact WHERE model_id = 901;
SET LOCAL tidemark.as_of = '2025-07-01';
SELECT is(pg_temp.flags(), '', 'Without policy an ended interim approval neither holds nor is overdue');
SET LOCAL tidemark.as_of = '2025-06-30';
SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.kpi_fact',
    $$SELECT count(*), count(*) FROM model_risk.models WHERE status = 'Active'$$, 'There is one row an active model'
);

UPDATE model_risk.users SET lob_id = 901 WHERE user_id = 901;
SELECT ok(
    bool_and(lob_id = 901), 'The line of business is the owner''s'
) FROM model_risk.kpi_fact;
SELECT * FROM finish();
ROLLBACK;
