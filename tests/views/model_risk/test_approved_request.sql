-- model_risk.approved_request: which approved request comes first, by which clock.
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

-- 901: three requests with distinct instants; 902: every tie; 903: only unapproved requests
INSERT INTO model_risk.models (model_id) VALUES (901), (902), (903);
INSERT INTO model_risk.validation_requests
(request_id, validation_type, current_status, completion_date, updated_at) VALUES
(911, 'INITIAL', 'APPROVED', '2022-03-01 12:00+00', '2024-05-01 12:00+00'),
(912, 'COMPREHENSIVE', 'APPROVED', '2023-03-01 12:00+00', '2023-03-01 12:00+00'),
(913, 'TARGETED', 'APPROVED', NULL, '2024-06-01 12:00+00'),
(921, 'COMPREHENSIVE', 'APPROVED', '2023-03-01 12:00+00', '2023-04-01 12:00+00'),
(922, 'COMPREHENSIVE', 'APPROVED', '2023-03-01 12:00+00', '2023-04-01 12:00+00'),
(923, 'INTERIM', 'APPROVED', '2023-03-01 12:00+00', '2023-04-01 11:59+00'),
(924, 'COMPREHENSIVE', 'APPROVED', NULL, '2023-04-01 12:00+00'),
(931, 'INITIAL', 'CANCELLED', '2023-03-01 12:00+00', '2023-04-01 12:00+00'),
(932, 'INITIAL', 'PENDING_APPROVAL', '2023-03-01 12:00+00', '2023-04-01 12:00+00');
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES
(911, 901), (912, 901), (913, 901), (921, 902), (922, 902), (923, 902), (924, 902), (931, 903), (932, 903);

SELECT results_eq(
    'SELECT request_id, update_rank, completion_rank, full_rank, is_full FROM model_risk.approved_request
    WHERE model_id = 901 ORDER BY request_id',
    $$VALUES (911, 2::bigint, 2::bigint, 2::bigint, true), (912, 3, 1, 1, true), (913, 1, 3, 1, false)$$,
    'The request edited last, completed last and validated in full last are three different ones'
);
SELECT results_eq(
    'SELECT request_id FROM model_risk.approved_request WHERE model_id = 902 ORDER BY update_rank',
    'VALUES (924), (922), (921), (923)', 'Requests edited at one instant are ordered by their number, greatest first'
);
SELECT results_eq(
    'SELECT request_id FROM model_risk.approved_request WHERE model_id = 902 ORDER BY completion_rank',
    'VALUES (922), (921), (923), (924)',
    'Completed at one instant: edited last, then greatest number; never completed comes at the end'
);
SELECT results_eq(
    'SELECT request_id FROM model_risk.approved_request WHERE model_id = 902 AND is_full ORDER BY full_rank',
    'VALUES (922), (921), (924)', 'Full validations are ordered like completed ones'
);
SELECT is_empty(
    'SELECT * FROM model_risk.approved_request WHERE model_id = 903', 'A request that is not approved has no rank'
);
SELECT is_empty(
    'SELECT model_id, request_id FROM model_risk.approved_request GROUP BY model_id, request_id HAVING count(*) > 1',
    'A request occurs once a model'
);
SELECT is_empty(
    'SELECT model_id, update_rank FROM model_risk.approved_request GROUP BY model_id, update_rank HAVING count(*) > 1',
    'No two requests of a model share a rank'
);

INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (911, 903);
SELECT results_eq(
    'SELECT request_id, update_rank, completion_rank, full_rank FROM model_risk.approved_request WHERE model_id = 903',
    'VALUES (911, 1::bigint, 1::bigint, 1::bigint)', 'A request of several models is ranked for each of them apart'
);
SELECT * FROM finish();
ROLLBACK;
