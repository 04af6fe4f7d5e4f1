-- model_risk.model_list: the coarser status, its past-due buckets and notches.
BEGIN;
SELECT plan(21);
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
(901, 'T1', 'One', 1, true), (902, 'T2', 'No grace, no lead', 2, true), (903, 'T3', 'No policy', 3, true);
INSERT INTO model_risk.validation_policies
(risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days) VALUES (901, 12, 2, 30), (902, 12, 0, 0);

-- Completed on 31 May 2024: grace to 31 July 2025, due on 30 August 2025
INSERT INTO model_risk.models (model_id, risk_tier_id) VALUES (901, 901), (902, 902), (903, 903), (904, NULL), (905, 901), (906, 901);
INSERT INTO model_risk.validation_requests
(request_id, validation_type, current_status, prior_validation_request_id, completion_date, updated_at) VALUES
(911, 'INTERIM', 'APPROVED', NULL, '2024-05-31 12:00+00', '2024-05-31 12:00+00'),
(912, 'TARGETED', 'APPROVED', NULL, NULL, '2025-05-31 12:00+00'),
(913, 'COMPREHENSIVE', 'REVIEW', 912, '2025-06-01 12:00+00', '2025-05-31 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(911, 901), (912, 901), (913, 901), (911, 902), (911, 903), (911, 904), (912, 905);
INSERT INTO model_risk.validation_outcomes (request_id, overall_rating, effective_date, expiration_date)
VALUES (911, 'FIT_FOR_PURPOSE', '2024-05-31', '2024-12-31');

SELECT results_eq(
    'SELECT * FROM model_risk.model_list ORDER BY model_id',
    $$VALUES
    (901, '2024-05-31'::date, '2025-07-31'::date, '2025-08-30'::date, 'due_soon', 'CURRENT', 0, '2025-08-30'::date),
    (902, '2024-05-31', '2025-05-31', '2025-05-31', 'overdue', 'MINIMAL', 1, NULL),
    (903, '2024-05-31', NULL, NULL, NULL, 'CURRENT', 0, NULL),
    (904, '2024-05-31', NULL, NULL, NULL, 'CURRENT', 0, NULL),
    (905, NULL, NULL, NULL, NULL, 'CURRENT', 0, NULL),
    (906, NULL, NULL, NULL, NULL, 'CURRENT', 0, NULL)$$,
    'Only the latest completion and the own policy count: no interim expiry, no open request, no edit'
);

CREATE FUNCTION pg_temp.listed_on(p_model_id integer, p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (
        SELECT concat_ws(' ', lst.validation_status, lst.past_due_level, lst.penalty_notches) FROM model_risk.model_list AS lst
        WHERE lst.model_id = p_model_id
    );
END;
$$;
CREATE TEMPORARY TABLE boundary (claim text, model_id integer, day date, expected text);
INSERT INTO boundary VALUES
('Ninety-one days before it is due', 901, '2025-05-31', 'current CURRENT 0'),
('Ninety days before it is due', 901, '2025-06-01', 'due_soon CURRENT 0'),
('The day after grace, not due yet', 901, '2025-08-01', 'due_soon CURRENT 0'),
('The day before it is due', 901, '2025-08-29', 'due_soon CURRENT 0'),
('The day it is due, thirty days after grace', 901, '2025-08-30', 'overdue MINIMAL 1'),
('365 days after grace', 901, '2026-07-31', 'overdue MINIMAL 1'),
('366 days after grace', 901, '2026-08-01', 'overdue MODERATE 2'),
('730 days after grace', 901, '2027-07-31', 'overdue MODERATE 2'),
('731 days after grace', 901, '2027-08-01', 'overdue SIGNIFICANT 3'),
('1095 days after grace', 901, '2028-07-30', 'overdue SIGNIFICANT 3'),
('1096 days after grace', 901, '2028-07-31', 'overdue CRITICAL 3'),
('1825 days after grace', 901, '2030-07-30', 'overdue CRITICAL 3'),
('1826 days after grace', 901, '2030-07-31', 'overdue OBSOLETE 3'),
('No lead: the day before it is due', 902, '2025-05-30', 'due_soon CURRENT 0'),
('No lead: overdue on the day, but zero days', 902, '2025-05-31', 'overdue CURRENT 0'),
('No lead: the day after', 902, '2025-06-01', 'overdue MINIMAL 1');
SELECT is(pg_temp.listed_on(model_id, day::text), expected, claim) FROM boundary;

UPDATE model_risk.past_due_levels SET is_active = false WHERE level_code = 'MINIMAL';
SELECT is(pg_temp.listed_on(901, '2025-08-30'), 'overdue 0', 'Days that no active bucket holds have no level and no notches');
UPDATE model_risk.past_due_levels SET is_active = true, sort_order = 99 WHERE level_code = 'MINIMAL';
UPDATE model_risk.past_due_levels SET min_days = NULL WHERE level_code = 'MODERATE';
SELECT is(pg_temp.listed_on(901, '2025-08-30'), 'overdue MODERATE 2', 'Of two buckets that hold the days the first in order counts');
UPDATE model_risk.past_due_levels SET downgrade_notches = 5 WHERE level_code = 'CURRENT';
SELECT is(pg_temp.listed_on(901, '2025-08-29'), 'due_soon CURRENT 0', 'While nothing is overdue there are no notches');
SET LOCAL tidemark.as_of = '2025-06-30';
SELECT results_eq(
    'SELECT count(*), count(DISTINCT model_id) FROM model_risk.model_list', 'SELECT count(*), count(*) FROM model_risk.models',
    'There is one row a model'
);
SELECT * FROM finish();
ROLLBACK;
