-- record_approval_status_changes(): one history row per difference, none without.
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
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true);
INSERT INTO model_risk.validation_policies
(risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days) VALUES (901, 12, 2, 30);
-- 901 approved until 31 July 2025; 902 the same, but a tool; 903 never validated
INSERT INTO model_risk.models (model_id, risk_tier_id, is_model) VALUES (901, 901, true), (902, 901, false), (903, 901, true);
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at)
VALUES (911, 'INITIAL', '2024-05-31 12:00+00', '2024-05-31 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (911, 901), (911, 902);
PREPARE history AS SELECT model_id, old_status, new_status, trigger_type, notes FROM model_risk.model_approval_status_history
ORDER BY history_id;

SELECT is(model_risk.record_approval_status_changes('BACKFILL', 'first run'), 2::bigint, 'The first run records every model');
SELECT results_eq(
    'history', $$VALUES (901, NULL, 'APPROVED', 'BACKFILL', 'first run'), (903, NULL, 'NEVER_VALIDATED', 'BACKFILL', 'first run')$$,
    'A first record has no old status; a tool has no record'
);
SELECT is(
    changed_at, '2025-06-30 00:00+00'::timestamptz, 'A record bears the clock of the business day'
) FROM model_risk.model_approval_status_history WHERE model_id = 901;
SELECT is(model_risk.record_approval_status_changes('MANUAL'), 0::bigint, 'A second run records nothing');
SET LOCAL tidemark.as_of = '2025-07-31';
SELECT is(model_risk.record_approval_status_changes('EXPIRATION_CHECK'), 0::bigint, 'The day grace ends nothing has changed');
SET LOCAL tidemark.as_of = '2025-08-01';
SELECT is(model_risk.record_approval_status_changes('EXPIRATION_CHECK'), 1::bigint, 'The day after one approval has run out');
SELECT is(
    (old_status, new_status, notes), ('APPROVED'::text, 'EXPIRED'::text, NULL::text), 'The record names both statuses'
) FROM model_risk.model_approval_status_history WHERE model_id = 901 ORDER BY history_id DESC LIMIT 1;

INSERT INTO model_risk.validation_requests (request_id, current_status, prior_validation_request_id) VALUES (912, 'PLANNING', 911);
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (912, 901);
SELECT is(model_risk.record_approval_status_changes('VALIDATION_STATUS_CHANGE'), 1::bigint, 'Work going on is a change');
UPDATE model_risk.validation_requests SET current_status = 'REVIEW' WHERE request_id = 912;
SELECT is(model_risk.record_approval_status_changes('VALIDATION_STATUS_CHANGE'), 0::bigint, 'A further step of it is none');
UPDATE model_risk.validation_requests SET current_status = 'APPROVED', completion_date = '2025-08-01 12:00+00',
    updated_at = '2025-08-01 12:00+00' WHERE request_id = 912;
SELECT is(model_risk.record_approval_status_changes('VALIDATION_APPROVED'), 1::bigint, 'The new approval is a change');
SELECT results_eq(
    'SELECT old_status, new_status FROM model_risk.model_approval_status_history WHERE model_id = 901 ORDER BY history_id',
    $$VALUES (NULL, 'APPROVED'), ('APPROVED', 'EXPIRED'), ('EXPIRED', 'VALIDATION_IN_PROGRESS'), ('VALIDATION_IN_PROGRESS', 'APPROVED')$$,
    'Each record continues where the one before ended'
);
UPDATE model_risk.models SET is_model = false WHERE model_id = 901;
SELECT is(model_risk.record_approval_status_changes('MANUAL'), 0::bigint, 'A model that becomes a tool is not recorded any more');
DELETE FROM model_risk.model_approval_status_history WHERE model_id = 903;
SELECT is(model_risk.record_approval_status_changes('BACKFILL'), 1::bigint, 'A lost record is written again');
SELECT is_empty(
    'SELECT * FROM model_risk.model_approval_status_history WHERE model_id = 902', 'A tool was never recorded'
);
SELECT * FROM finish();
ROLLBACK;
