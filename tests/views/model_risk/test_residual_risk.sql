-- model_risk.residual_risk: the matrix cell of a model's latest validation, or nothing.
BEGIN;
SELECT plan(8);
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
UPDATE model_risk.residual_risk_maps SET is_active = false;
INSERT INTO model_risk.residual_risk_maps (map_id, version_number, is_active) VALUES (901, 1, false), (902, 2, true);
INSERT INTO model_risk.residual_risk_map_cells VALUES
(901, 'High', 'Green', 'High'), (902, 'High', 'Green', 'Low'), (902, 'High', 'Red', 'High'), (902, 'Low', 'Red', 'Medium');
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, residual_key, sort_order, is_active) VALUES
(901, 'T1', 'One', 'High', 1, true), (902, 'T2', 'Two', 'Low', 2, true), (903, 'T3', 'No key', NULL, 3, true);
-- every model is in the low tier today: only the tier of its validation counts
INSERT INTO model_risk.models (model_id, risk_tier_id) SELECT id, 902 FROM generate_series(901, 908) AS id;
INSERT INTO model_risk.validation_requests
(request_id, current_status, completion_date, updated_at, validated_risk_tier_id) VALUES
(911, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 901),
(921, 'APPROVED', '2023-01-01 12:00+00', '2025-01-01 12:00+00', 901),
(922, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 902),
(931, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', NULL),
(941, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 903),
(951, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 901),
(961, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 901),
(971, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 902),
(981, 'REVIEW', '2024-01-01 12:00+00', '2024-01-01 12:00+00', 901);
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(911, 901), (921, 902), (922, 902), (931, 903), (941, 904), (951, 905), (961, 906), (971, 907), (981, 908);
INSERT INTO model_risk.validation_scorecard_results (request_id, overall_rating) VALUES
(911, 'Green'), (921, 'Green'), (922, 'Red'), (931, 'Red'), (941, 'Red'), (961, NULL), (971, 'Green'), (981, 'Red');

-- a model has the residual risk of its latest approved request
CREATE TEMPORARY VIEW residual_of_model AS
SELECT
    plan.model_id,
    res.residual_risk
FROM model_risk.revalidation_schedule AS plan
INNER JOIN model_risk.residual_risk AS res ON plan.latest_approved_request_id = res.request_id;

SELECT results_eq(
    'SELECT * FROM residual_of_model WHERE model_id BETWEEN 901 AND 908 ORDER BY model_id',
    $$VALUES (901, 'Low'), (902, 'Medium')$$,
    'The active map, the tier of the validation completed last and its colour decide; any missing piece leaves the model out'
);
SELECT is_empty(
    $$SELECT * FROM residual_of_model WHERE model_id = 903$$, 'Without the tier it was validated for there is no risk to state'
);
SELECT is_empty('SELECT * FROM residual_of_model WHERE model_id = 904', 'A tier without matrix row states none');
SELECT is_empty('SELECT * FROM residual_of_model WHERE model_id = 905', 'A validation without scorecard states none');
SELECT is_empty('SELECT * FROM residual_of_model WHERE model_id = 906', 'A scorecard without colour states none');
SELECT is_empty('SELECT * FROM residual_of_model WHERE model_id = 907', 'A missing cell states none');
SELECT is_empty('SELECT * FROM residual_of_model WHERE model_id = 908', 'A validation not approved states none');
UPDATE model_risk.residual_risk_maps SET is_active = false;
SELECT is_empty('SELECT * FROM residual_of_model', 'Without an active map no residual risk can be stated');
SELECT * FROM finish();
ROLLBACK;
