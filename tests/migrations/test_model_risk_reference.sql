-- Migration 0003: organisation, policies and code tables refuse what no report could read.
BEGIN;
SELECT plan(38);
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

SELECT columns_are('model_risk', 'teams', ARRAY['team_id', 'name', 'is_active']);
SELECT columns_are('model_risk', 'lob_units', ARRAY[
    'lob_id', 'parent_id', 'team_id', 'code', 'name', 'level', 'org_unit', 'is_active', 'sort_order', 'description',
    'contact_name', 'org_description', 'legal_entity_id', 'legal_entity_name', 'short_name', 'status_code', 'tier'
]);
SELECT columns_are('model_risk', 'users', ARRAY['user_id', 'email', 'full_name', 'role_code', 'lob_id']);
SELECT columns_are('model_risk', 'regions', ARRAY['region_id', 'code', 'name', 'requires_regional_approval']);
SELECT columns_are('model_risk', 'risk_tiers', ARRAY[
    'risk_tier_id', 'code', 'label', 'residual_key', 'sort_order', 'is_active'
]);
SELECT columns_are('model_risk', 'validation_policies', ARRAY[
    'policy_id', 'risk_tier_id', 'frequency_months', 'grace_period_months', 'model_change_lead_time_days'
]);
SELECT columns_are('model_risk', 'validation_workflow_slas', ARRAY[
    'sla_id', 'workflow_type', 'assignment_days', 'begin_work_days', 'approval_days'
]);
SELECT columns_are('model_risk', 'past_due_levels', ARRAY[
    'level_code', 'label', 'min_days', 'max_days', 'downgrade_notches', 'sort_order', 'is_active'
]);

-- Seed rows
SELECT results_eq(
    'SELECT type_code, label, is_full FROM model_risk.validation_types ORDER BY type_code COLLATE "C"',
    $$VALUES ('COMPREHENSIVE', 'Comprehensive Validation', true), ('INITIAL', 'Initial Validation', true),
    ('INTERIM', 'Interim Model Change Review', false), ('TARGETED', 'Targeted Review', false)$$,
    'Only an initial or a comprehensive validation is a full one'
);
SELECT results_eq(
    'SELECT status_code, label, is_closed, is_substantive FROM model_risk.validation_request_statuses ORDER BY sort_order',
    $$VALUES ('INTAKE', 'Intake', false, false), ('PLANNING', 'Planning', false, true),
    ('IN_PROGRESS', 'In Progress', false, true), ('REVIEW', 'Review', false, true),
    ('PENDING_APPROVAL', 'Pending Approval', false, true), ('REVISION', 'Revision', false, false),
    ('APPROVED', 'Approved', true, false), ('ON_HOLD', 'On Hold', false, false),
    ('CANCELLED', 'Cancelled', true, false)$$,
    'A request on hold or under revision is open but not substantive'
);
SELECT results_eq(
    'SELECT level_code, min_days, max_days, downgrade_notches, is_active FROM model_risk.past_due_levels ORDER BY sort_order',
    $$VALUES ('CURRENT', NULL::integer, 0, 0, true), ('MINIMAL', 1, 365, 1, true), ('MODERATE', 366, 730, 2, true),
    ('SIGNIFICANT', 731, 1095, 3, true), ('CRITICAL', 1096, 1825, 3, true), ('OBSOLETE', 1826, NULL, 3, true)$$,
    'The six past-due buckets follow each other without gap or overlap'
);

-- Defaults; high ids stay clear of those the identity columns hand out
INSERT INTO model_risk.teams (team_id, name) VALUES (901, 'Markets');
INSERT INTO model_risk.lob_units (lob_id, team_id, code, name, level, org_unit) VALUES (901, 901, 'ROOT', 'Root', 0, '00001');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'A', 'USER', 901);
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe');
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'TIER_1', 'One', 1, true);
INSERT INTO model_risk.validation_policies (risk_tier_id) VALUES (901);
INSERT INTO model_risk.validation_workflow_slas (workflow_type) VALUES ('Validation');

SELECT ok(is_active, 'A team is active unless stated otherwise') FROM model_risk.teams;
SELECT ok(NOT requires_regional_approval, 'A region asks for no approval unless stated otherwise') FROM model_risk.regions;
SELECT is(
    (frequency_months, grace_period_months, model_change_lead_time_days), (12, 3, 90),
    'A policy defaults to 12 months, 3 months of grace and 90 days of lead time'
) FROM model_risk.validation_policies;
SELECT is(
    (assignment_days, begin_work_days, approval_days), (10, 5, 10), 'A workflow is granted 10, 5 and 10 days by default'
) FROM model_risk.validation_workflow_slas;

-- What is refused, and by which constraint
CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
('Two teams never share a name', '23505 teams_name_key', $$INSERT INTO model_risk.teams (name) VALUES ('Markets')$$),
(
    'Two roots never share a code', '23505 lob_units_parent_id_code_key',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('ROOT', 'Again', 0, '00002')$$
),
(
    'Two units never share an org unit', '23505 lob_units_org_unit_key',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('OTHER', 'Other', 0, '00001')$$
),
(
    'A unit code has no lower-case letter', '23514 lob_units_code_is_upper_word_check',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('root', 'Other', 0, '00002')$$
),
(
    'A unit code is not empty', '23514 lob_units_code_is_upper_word_check',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('', 'Other', 0, '00002')$$
),
(
    'A level is never negative', '23514 lob_units_level_not_negative_check',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('OTHER', 'Other', -1, '00002')$$
),
(
    'An org unit has five characters', '23514 lob_units_org_unit_is_code_check',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('OTHER', 'Other', 0, '0002')$$
),
(
    'A synthetic org unit is S and four digits', '23514 lob_units_org_unit_is_code_check',
    $$INSERT INTO model_risk.lob_units (code, name, level, org_unit) VALUES ('OTHER', 'Other', 0, 'T0001')$$
),
(
    'A parent must exist', '23503 lob_units_parent_id_fkey',
    $$INSERT INTO model_risk.lob_units (parent_id, code, name, level, org_unit) VALUES (99, 'OTHER', 'Other', 0, '00002')$$
),
(
    'Two users never share an address', '23505 users_email_key',
    $$INSERT INTO model_risk.users (email, full_name, role_code, lob_id) VALUES ('a@bank', 'B', 'USER', 901)$$
),
(
    'A role is one of the five', '23514 users_role_code_is_known_check',
    $$INSERT INTO model_risk.users (email, full_name, role_code, lob_id) VALUES ('b@bank', 'B', 'OWNER', 901)$$
),
(
    'Two regions never share a code', '23505 regions_code_key',
    $$INSERT INTO model_risk.regions (code, name) VALUES ('EU', 'Again')$$
),
(
    'A region code has no lower-case letter', '23514 regions_code_is_upper_case_check',
    $$INSERT INTO model_risk.regions (code, name) VALUES ('us', 'States')$$
),
(
    'Two tiers never share a code', '23505 risk_tiers_code_key',
    $$INSERT INTO model_risk.risk_tiers (code, label, sort_order, is_active) VALUES ('TIER_1', 'Again', 2, true)$$
),
(
    'A residual key is a row of the matrix', '23514 risk_tiers_residual_key_is_known_check',
    $$INSERT INTO model_risk.risk_tiers (code, label, residual_key, sort_order, is_active) VALUES ('T', 'T', 'high', 2, true)$$
),
(
    'A tier has at most one policy', '23505 validation_policies_risk_tier_id_key',
    $$INSERT INTO model_risk.validation_policies (risk_tier_id) VALUES (901)$$
),
(
    'A frequency of zero months is refused', '23514 validation_policies_frequency_positive_check',
    $$UPDATE model_risk.validation_policies SET frequency_months = 0$$
),
(
    'Grace is never negative', '23514 validation_policies_grace_not_negative_check',
    $$UPDATE model_risk.validation_policies SET grace_period_months = -1$$
),
(
    'A lead time is never negative', '23514 validation_policies_lead_not_negative_check',
    $$UPDATE model_risk.validation_policies SET model_change_lead_time_days = -1$$
),
(
    'A workflow has one row', '23505 validation_workflow_slas_workflow_type_key',
    $$INSERT INTO model_risk.validation_workflow_slas (workflow_type) VALUES ('Validation')$$
),
(
    'Granted days are never negative', '23514 validation_workflow_slas_days_not_negative_check',
    $$UPDATE model_risk.validation_workflow_slas SET begin_work_days = -1$$
),
(
    'A bucket does not end before it begins', '23514 past_due_levels_min_not_above_max_check',
    $$UPDATE model_risk.past_due_levels SET max_days = 0 WHERE level_code = 'MINIMAL'$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

SELECT is(
    pg_temp.violated($$INSERT INTO model_risk.lob_units (parent_id, code, name, level, org_unit)
    VALUES (901, 'ROOT', 'Same code one level lower', 1, 'S0001')$$), 'accepted', 'A child may bear the code of a root'
);
SELECT * FROM finish();
ROLLBACK;
