-- Migration 0004: inventory, versions, deployments and the residual-risk matrix.
BEGIN;
SELECT plan(23);
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

SELECT columns_are('model_risk', 'methodology_categories', ARRAY['category_id', 'code', 'name', 'is_aiml']);
SELECT columns_are('model_risk', 'methodologies', ARRAY['methodology_id', 'category_id', 'name']);
SELECT columns_are('model_risk', 'residual_risk_maps', ARRAY['map_id', 'version_number', 'is_active']);
SELECT columns_are('model_risk', 'residual_risk_map_cells', ARRAY[
    'map_id', 'risk_tier_key', 'scorecard_outcome', 'residual_risk'
]);
SELECT columns_are('model_risk', 'models', ARRAY[
    'model_id', 'model_name', 'development_type', 'owner_id', 'status', 'risk_tier_id', 'methodology_id', 'is_model',
    'use_approval_date', 'created_at'
]);
SELECT columns_are('model_risk', 'model_versions', ARRAY[
    'version_id', 'model_id', 'version_number', 'change_type', 'scope', 'status', 'validation_request_id', 'created_at'
]);
SELECT columns_are('model_risk', 'model_regions', ARRAY[
    'model_region_id', 'model_id', 'region_id', 'version_id', 'deployed_at', 'deployment_notes'
]);

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00001');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'A', 'USER', 901);
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe');
INSERT INTO model_risk.methodology_categories (category_id, code, name) VALUES (901, 'REG', 'Regression');
INSERT INTO model_risk.residual_risk_maps (map_id, version_number, is_active) VALUES (901, 1, true), (902, 2, false), (903, 3, false);
INSERT INTO model_risk.residual_risk_map_cells VALUES (901, 'High', 'Red', 'High');
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01'), (902, 'PD', 'Third-Party', 901, 'Retired', '2020-01-01');
INSERT INTO model_risk.model_versions (version_id, model_id, version_number, change_type, scope, status, created_at)
VALUES (901, 901, '1.0', 'MAJOR', 'GLOBAL', 'ACTIVE', '2020-01-01');
INSERT INTO model_risk.model_regions (model_id, region_id, version_id) VALUES (901, 901, 901);

SELECT is(count(*), 2::bigint, 'Two models may share a name') FROM model_risk.models WHERE model_name = 'PD';
SELECT ok(bool_and(is_model), 'An entry is a model unless it is marked as a tool') FROM model_risk.models;
SELECT ok(NOT is_aiml, 'A category is no machine learning unless stated otherwise') FROM model_risk.methodology_categories;

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'Two categories never share a code', '23505 methodology_categories_code_key',
    $$INSERT INTO model_risk.methodology_categories (code, name) VALUES ('REG', 'Again')$$
),
(
    'A second active map is refused', '23505 residual_risk_maps_one_active_key',
    $$UPDATE model_risk.residual_risk_maps SET is_active = true WHERE map_id = 902$$
),
(
    'A matrix cell exists once', '23505 residual_risk_map_cells_pkey',
    $$INSERT INTO model_risk.residual_risk_map_cells VALUES (901, 'High', 'Red', 'Low')$$
),
(
    'Residual risk is High, Medium or Low', '23514 residual_risk_map_cells_residual_risk_is_known_check',
    $$INSERT INTO model_risk.residual_risk_map_cells VALUES (901, 'High', 'Green', 'Very Low')$$
),
(
    'A model is built in-house or bought', '23514 models_development_type_is_known_check',
    $$UPDATE model_risk.models SET development_type = 'Vendor'$$
),
(
    'A model status is one of the four', '23514 models_status_is_known_check',
    $$UPDATE model_risk.models SET status = 'active'$$
),
(
    'A version number occurs once a model', '23505 model_versions_model_id_version_number_key',
    $$INSERT INTO model_risk.model_versions (model_id, version_number, change_type, scope, status, created_at)
    VALUES (901, '1.0', 'MINOR', 'GLOBAL', 'DRAFT', '2020-01-01')$$
),
(
    'A version is global or regional', '23514 model_versions_scope_is_known_check',
    $$UPDATE model_risk.model_versions SET scope = 'LOCAL'$$
),
(
    'A version status is one of the five', '23514 model_versions_status_is_known_check',
    $$UPDATE model_risk.model_versions SET status = 'RETIRED'$$
),
(
    'A model is linked to a region once', '23505 model_regions_model_id_region_id_key',
    $$INSERT INTO model_risk.model_regions (model_id, region_id) VALUES (901, 901)$$
),
(
    'A deployed version cannot be removed alone', '23503 model_regions_version_id_fkey',
    $$DELETE FROM model_risk.model_versions$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

SELECT is(count(*), 2::bigint, 'Any number of maps may be inactive') FROM model_risk.residual_risk_maps WHERE NOT is_active;
DELETE FROM model_risk.models WHERE model_id = 901;
SELECT is(
    ((SELECT count(*) FROM model_risk.model_versions), (SELECT count(*) FROM model_risk.model_regions)),
    (0::bigint, 0::bigint), 'A deleted model takes its versions and deployments along'
);
SELECT * FROM finish();
ROLLBACK;
