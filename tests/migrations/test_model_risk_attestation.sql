-- Migration 0006: attestation cycles, records and coverage targets.
BEGIN;
SELECT plan(15);
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

SELECT columns_are('model_risk', 'attestation_cycles', ARRAY[
    'cycle_id', 'cycle_name', 'period_start_date', 'period_end_date', 'submission_due_date', 'status', 'opened_at',
    'closed_at'
]);
SELECT columns_are('model_risk', 'attestation_records', ARRAY[
    'attestation_id', 'cycle_id', 'model_id', 'attesting_user_id', 'due_date', 'status', 'attested_at', 'decision'
]);
SELECT columns_are('model_risk', 'attestation_coverage_targets', ARRAY[
    'target_id', 'risk_tier_id', 'target_percentage', 'is_blocking', 'effective_date', 'end_date'
]);

INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00001');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'A', 'USER', 901);
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true);
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01');
INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status)
VALUES (901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'OPEN');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status)
VALUES (901, 901, 901, '2025-04-15', 'PENDING');
INSERT INTO model_risk.attestation_coverage_targets (risk_tier_id, target_percentage, is_blocking, effective_date, end_date)
VALUES (901, 100, true, '2025-01-01', '2025-01-01');

SELECT is(count(*), 1::bigint, 'A target may hold for a single day') FROM model_risk.attestation_coverage_targets;

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'A cycle status is one of the four', '23514 attestation_cycles_status_is_known_check',
    $$UPDATE model_risk.attestation_cycles SET status = 'DRAFT'$$
),
(
    'A model has one record a cycle', '23505 attestation_records_cycle_id_model_id_key',
    $$INSERT INTO model_risk.attestation_records (attestation_id, cycle_id, model_id, attesting_user_id, due_date, status)
    VALUES (999, 901, 901, 901, '2025-04-15', 'PENDING')$$
),
(
    'A record status is one of the five', '23514 attestation_records_status_is_known_check',
    $$UPDATE model_risk.attestation_records SET status = 'OVERDUE'$$
),
(
    'A decision is one of the three', '23514 attestation_records_decision_is_known_check',
    $$UPDATE model_risk.attestation_records SET decision = 'YES'$$
),
(
    'A model with attestations cannot be deleted', '23503 attestation_records_model_id_fkey',
    $$DELETE FROM model_risk.models$$
),
(
    'A target is not above 100 percent', '23514 attestation_coverage_targets_is_percentage_check',
    $$UPDATE model_risk.attestation_coverage_targets SET target_percentage = 100.01$$
),
(
    'A target is not below 0 percent', '23514 attestation_coverage_targets_is_percentage_check',
    $$UPDATE model_risk.attestation_coverage_targets SET target_percentage = -0.01$$
),
(
    'A target does not end before it starts', '23514 attestation_coverage_targets_end_not_before_start_check',
    $$UPDATE model_risk.attestation_coverage_targets SET end_date = '2024-12-31'$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

SELECT is(
    pg_temp.violated('UPDATE model_risk.attestation_coverage_targets SET end_date = NULL'), 'accepted',
    'A target may be open-ended'
);
DELETE FROM model_risk.attestation_cycles;
SELECT is_empty('SELECT * FROM model_risk.attestation_records', 'A deleted cycle takes its records along');
SELECT ok(EXISTS (SELECT FROM model_risk.models), 'A deleted cycle leaves its models');
SELECT * FROM finish();
ROLLBACK;
