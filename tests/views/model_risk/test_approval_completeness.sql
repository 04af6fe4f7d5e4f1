-- model_risk.approval_completeness: what is still missing on the latest approved request.
BEGIN;
SELECT plan(4);
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
INSERT INTO model_risk.models (model_id, use_approval_date, is_model) VALUES
(901, NULL, true), (902, NULL, true), (903, NULL, true), (904, '2024-01-01 12:00+00', true), (905, NULL, true),
(906, NULL, true), (907, NULL, false), (908, NULL, true);
INSERT INTO model_risk.validation_requests (request_id, current_status, completion_date, updated_at) VALUES
(911, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(912, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(913, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(914, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(915, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(916, 'APPROVED', '2023-01-01 12:00+00', '2025-01-01 12:00+00'),
(926, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(917, 'APPROVED', '2024-01-01 12:00+00', '2024-01-01 12:00+00'),
(918, 'REVIEW', '2024-01-01 12:00+00', '2024-01-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(911, 901), (912, 902), (913, 903), (914, 904), (915, 905), (916, 906), (926, 906), (917, 907), (918, 908);
INSERT INTO model_risk.validation_approvals
(request_id, approver_role, approval_type, conditional_role_id, is_required, approval_status, voided_at, created_at) VALUES
-- 902: of five approvals one required one is pending
(912, 'Head', 'Global', NULL, true, 'Pending', NULL, '2024-01-01'),
(912, 'Head', 'Global', NULL, false, 'Pending', NULL, '2024-01-01'),
(912, 'Head', 'Global', NULL, true, 'Approved', NULL, '2024-01-01'),
(912, 'Head', 'Global', NULL, true, 'Sent Back', NULL, '2024-01-01'),
(912, 'Head', 'Global', NULL, true, 'Pending', '2024-02-01', '2024-01-01'),
-- 903: conditional approvals while the condition is open; the required one counts twice
(913, 'Head', 'Conditional', 7, true, 'Pending', NULL, '2024-01-01'),
(913, 'Head', 'Conditional', 7, false, 'Pending', NULL, '2024-01-01'),
(913, 'Head', 'Conditional', 7, false, 'Approved', NULL, '2024-01-01'),
-- 904: the same, but the condition is met
(914, 'Head', 'Conditional', 7, true, 'Pending', NULL, '2024-01-01'),
(914, 'Head', 'Conditional', 7, false, 'Pending', NULL, '2024-01-01'),
-- 905: a voided conditional approval still makes the request conditional
(915, 'Head', 'Conditional', 7, true, 'Pending', '2024-02-01', '2024-01-01'),
-- 906: pending on the request edited last, not on the one completed last
(916, 'Head', 'Global', NULL, true, 'Pending', NULL, '2024-01-01'),
(918, 'Head', 'Global', NULL, true, 'Pending', NULL, '2024-01-01');

SELECT results_eq(
    'SELECT * FROM model_risk.approval_completeness ORDER BY model_id',
    $$VALUES (901, true, 0::bigint), (902, false, 1), (903, false, 3), (904, false, 1), (905, false, 0), (906, true, 0)$$,
    'Only approvals of the latest approved request count: required and pending, or conditional while the condition is open'
);
UPDATE model_risk.models SET use_approval_date = '2024-03-01 12:00+00' WHERE model_id IN (903, 905);
SELECT results_eq(
    'SELECT * FROM model_risk.approval_completeness WHERE model_id IN (903, 905) ORDER BY model_id',
    $$VALUES (903, false, 1::bigint), (905, true, 0)$$, 'Once the condition is met only required approvals count'
);
UPDATE model_risk.validation_approvals SET approval_status = 'Removed' WHERE request_id = 913;
SELECT results_eq(
    'SELECT * FROM model_risk.approval_completeness WHERE model_id = 903',
    'VALUES (903, true, 0::bigint)', 'A removed approval is not waited for'
);
SELECT is_empty(
    'SELECT * FROM model_risk.approval_completeness WHERE model_id IN (907, 908)',
    'A tool, and a model never validated, have nothing to complete'
);
SELECT * FROM finish();
ROLLBACK;
