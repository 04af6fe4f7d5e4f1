-- attestation_cycle_list() and attestation_cycle_page(): order, filter, pages.
BEGIN;
SELECT plan(18);
SET LOCAL tidemark.as_of = '2025-06-30';

-- Three quarters, several cycles starting on one day, one with records
DELETE FROM model_risk.attestation_cycles;
INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (901, 'a@bank', 'Owner', 'USER', 901);
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01'), (902, 'LGD', 'In-House', 901, 'Active', '2020-01-01');
INSERT INTO model_risk.attestation_cycles
(cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status) VALUES
(901, 'Q1 a', '2025-01-01', '2025-03-31', '2025-04-15', 'CLOSED'), (902, 'Q1 b', '2025-01-01', '2025-02-28', '2025-04-15', 'OPEN'),
(903, 'Q3', '2025-07-01', '2025-09-30', '2025-10-15', 'PENDING'), (904, 'Q2 a', '2025-04-01', '2025-06-30', '2025-07-15', 'OPEN'),
(905, 'Q2 b', '2025-04-01', '2025-06-30', '2025-07-15', 'UNDER_REVIEW'), (906, 'Q0', '2024-10-01', '2024-12-31', '2025-01-15', 'CLOSED');
INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status) VALUES
(904, 901, 901, '2025-07-15', 'ACCEPTED'), (904, 902, 901, '2025-07-15', 'REJECTED');

SELECT results_eq(
    'SELECT cycle_id FROM model_risk.attestation_cycle_list()', 'VALUES (903), (905), (904), (902), (901), (906)',
    'Cycles come newest first, of one start the greater number first'
);
SELECT results_eq(
    $$SELECT * FROM model_risk.attestation_cycle_list('OPEN')$$,
    $$VALUES
    (904, 'Q2 a', '2025-04-01'::date, '2025-06-30'::date, '2025-07-15'::date, 'OPEN', 2::bigint, 0::bigint, 0::bigint, 1::bigint, 50.00),
    (902, 'Q1 b', '2025-01-01', '2025-02-28', '2025-04-15', 'OPEN', 0, 0, 0, 0, 0.00)$$,
    'A row has the cycle, its counts and its coverage; a cycle without records shows zeros'
);
SELECT results_eq(
    'SELECT cycle_id FROM model_risk.attestation_cycle_list(NULL, 2, 1)', 'VALUES (905), (904)', 'Offset skips, limit cuts'
);
SELECT results_eq(
    $$SELECT cycle_id FROM model_risk.attestation_cycle_list('CLOSED', 1, 1)$$, 'VALUES (906)', 'The filter comes before the offset'
);
SELECT results_eq(
    'SELECT cycle_id FROM model_risk.attestation_cycle_list(NULL, 500, 5)', 'VALUES (906)', 'The greatest limit is 500'
);
SELECT is_empty('SELECT * FROM model_risk.attestation_cycle_list(NULL, 1, 6)', 'Behind the last cycle there is none');
SELECT results_eq(
    $$SELECT list.cycle_id FROM generate_series(0, 6, 2) AS start
    CROSS JOIN LATERAL model_risk.attestation_cycle_list(NULL, 2, start) AS list$$,
    'SELECT cycle_id FROM model_risk.attestation_cycle_list()', 'The pages one after the other are the whole list'
);

-- Continued after a cycle
SELECT results_eq(
    'SELECT * FROM model_risk.attestation_cycle_page()', 'SELECT * FROM model_risk.attestation_cycle_list()',
    'The first page of the keyset form is the list'
);
SELECT results_eq(
    $$SELECT cycle_id FROM model_risk.attestation_cycle_page(NULL, 2, '2025-04-01', 905)$$, 'VALUES (904), (902)',
    'A page continues behind the cycle, within its day'
);
SELECT results_eq(
    $$SELECT cycle_id FROM model_risk.attestation_cycle_page(NULL, 2, '2025-04-01', 904)$$, 'VALUES (902), (901)',
    'A page continues with the next day'
);
SELECT results_eq(
    $$SELECT cycle_id FROM model_risk.attestation_cycle_page('OPEN', 2, '2025-04-01', 905)$$, 'VALUES (904), (902)',
    'The position need not pass the filter itself'
);
SELECT is_empty(
    $$SELECT * FROM model_risk.attestation_cycle_page(NULL, 2, '2024-10-01', 906)$$, 'Behind the last cycle the keyset form has none'
);
DELETE FROM model_risk.attestation_cycles WHERE cycle_id = 905;
SELECT results_eq(
    $$SELECT cycle_id FROM model_risk.attestation_cycle_page(NULL, 1, '2025-04-01', 905)$$, 'VALUES (904)',
    'A position deleted meanwhile is still a position'
);
CREATE FUNCTION pg_temp.walked(p_limit integer) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
    v_start date;
    v_cycle integer;
    v_ids integer[];
BEGIN
    LOOP
        SELECT array_agg(page.cycle_id), (array_agg(page.period_start_date))[count(*)], (array_agg(page.cycle_id))[count(*)]
        INTO v_ids, v_start, v_cycle
        FROM model_risk.attestation_cycle_page(NULL, p_limit, v_start, v_cycle) AS page;
        EXIT WHEN v_ids IS NULL;
        RETURN QUERY SELECT unnest(v_ids);
    END LOOP;
END;
$$;
SELECT results_eq(
    format('SELECT pg_temp.walked(%s)', page_size), 'SELECT cycle_id FROM model_risk.attestation_cycle_list()',
    format('Walking by %s gives every cycle once', page_size)
) FROM generate_series(1, 5) AS page_size;
SELECT * FROM finish();
ROLLBACK;
