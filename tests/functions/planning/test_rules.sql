-- Rules of planning: each edge and each NULL that can occur.
BEGIN;
SELECT plan(17);

-- days
SELECT results_eq(
    $$ SELECT cell, planning.day_of_text(cell)::text FROM (VALUES
        (1, '2025-01-01'), (2, '2025-1-1'), (3, '2025-12-31'), (4, '2025-12-1'), (5, '2025-13-01'), (6, '2025-00-01'), (7, '2025-01-00'),
        (8, '2025-02-28'), (9, '2025-02-29'), (10, '2024-02-29'), (11, '2025-04-30'), (12, '2025-04-31'), (13, '0001-01-01'), (14, '0000-01-01'),
        (15, '0000-13-01'), (16, '2025-06-07'), (17, '20250607'), (18, '2025-06-07 '), (19, '25-06-07'), (20, '2025/06/07'), (21, '2025-6-7'),
        (22, '1999-11-30'), (23, '0002-02-01'), (24, '2025-99-99'), (25, NULL)
    ) AS cas (n, cell) ORDER BY n $$,
    $$ VALUES
        ('2025-01-01', '2025-01-01'), ('2025-1-1', '2025-01-01'), ('2025-12-31', '2025-12-31'), ('2025-12-1', '2025-12-01'),
        ('2025-13-01', NULL), ('2025-00-01', NULL), ('2025-01-00', NULL), ('2025-02-28', '2025-02-28'), ('2025-02-29', NULL),
        ('2024-02-29', '2024-02-29'), ('2025-04-30', '2025-04-30'), ('2025-04-31', NULL), ('0001-01-01', '0001-01-01'), ('0000-01-01', NULL),
        ('0000-13-01', NULL), ('2025-06-07', '2025-06-07'), ('20250607', NULL), ('2025-06-07 ', NULL), ('25-06-07', NULL), ('2025/06/07', NULL),
        ('2025-6-7', '2025-06-07'), ('1999-11-30', '1999-11-30'), ('0002-02-01', '0002-02-01'), ('2025-99-99', NULL), (NULL, NULL) $$,
    'A day is one that exists, with zeros in front or not'
);

-- rates
SELECT results_eq(
    $$ SELECT planning.is_rate_on(start_date::date, end_date::date, as_of::date) FROM (VALUES
        (1, '2025-01-02', '2025-01-04', '2025-01-01'), (2, '2025-01-02', '2025-01-04', '2025-01-02'), (3, '2025-01-02', '2025-01-04', '2025-01-03'),
        (4, '2025-01-02', '2025-01-04', '2025-01-04'), (5, '2025-01-02', '2025-01-04', '2025-01-05'), (6, '2025-01-02', NULL, '2025-01-01'),
        (7, '2025-01-02', NULL, '2025-01-02'), (8, '2025-01-02', NULL, '9999-01-01'), (9, '2025-01-02', '2025-01-04', NULL), (10, NULL, NULL, '2025-01-01')
    ) AS cas (n, start_date, end_date, as_of) ORDER BY n $$,
    $$ VALUES (FALSE), (TRUE), (TRUE), (TRUE), (FALSE), (FALSE), (TRUE), (TRUE), (NULL), (NULL) $$,
    'A rate holds on its first and on its last day, and on every later one when it is open'
);

-- numbers
SELECT results_eq(
    $$ SELECT planning.number_of_text(cell)::text FROM (VALUES
        (1, '0'), (2, '7'), (3, '7.'), (4, '.5'), (5, '+25'), (6, '-0.01'), (7, '1.234'), (8, '1e3'), (9, 'NaN'), (10, 'Infinity'), (11, '1,000'),
        (12, '.'), (13, ''), (14, '12.34'), (15, ' 1'), (16, repeat('0', 999) || '1'), (17, repeat('0', 1000) || '1'), (18, NULL)
    ) AS cas (n, cell) ORDER BY n $$,
    $$ VALUES ('0'), ('7'), ('7'), ('0.5'), ('25'), ('-0.01'), (NULL), (NULL), (NULL), (NULL), (NULL), (NULL), (NULL), ('12.34'), (NULL), ('1'),
        (NULL), (NULL) $$,
    'A number has a sign or none, and at most two decimals'
);

-- amounts of money
SELECT results_eq(
    $$ SELECT planning.amount_code(name, cell) FROM (VALUES
        (1, 'capital', NULL), (2, 'expense', NULL), (3, 'capital', 'x'), (4, 'capital', '-0.01'), (5, 'capital', '0'), (6, 'expense', '4999999999999.99'),
        (7, 'expense', '5000000000000'), (8, 'expense', '-5000000000000'), (9, 'expense', '-4999999999999.99')
    ) AS cas (n, name, cell) ORDER BY n $$,
    $$ VALUES ('CAPITAL_REQUIRED'), ('EXPENSE_REQUIRED'), ('CAPITAL_INVALID'), ('CAPITAL_NEGATIVE'), (NULL), (NULL), ('EXPENSE_INVALID'),
        ('EXPENSE_INVALID'), ('EXPENSE_NEGATIVE') $$,
    'An amount is there, a number that fits, and not negative'
);

-- percentages of a row
SELECT results_eq(
    $$ SELECT array_to_string(planning.percentage_codes(is_split, one, capital, expense), ' ') FROM (VALUES
        (1, false, NULL, NULL, NULL), (2, false, 'x', NULL, NULL), (3, false, '-0.01', NULL, NULL), (4, false, '100.01', NULL, NULL),
        (5, false, '100', NULL, NULL), (6, false, '0', 'x', 'x'),
        (7, true, 'x', NULL, '5'), (8, true, NULL, '5', NULL), (9, true, NULL, NULL, NULL), (10, true, NULL, NULL, 'x'),
        (11, true, NULL, 'x', '5'), (12, true, NULL, '5', 'x'), (13, true, NULL, 'x', 'x'), (14, true, NULL, 'x', '-1'),
        (15, true, NULL, '0', '0'), (16, true, NULL, '60', '40'), (17, true, NULL, '60', '40.01'), (18, true, NULL, '-0.01', '-0.01'),
        (19, true, NULL, '100.01', '0'), (20, true, NULL, '0', '100.01'), (21, true, NULL, '-1', '101'), (22, true, NULL, '100', '0'),
        (23, true, NULL, '0', '100'), (24, true, NULL, '101', '-1'), (25, true, NULL, '-2', '101')
    ) AS cas (n, is_split, one, capital, expense) ORDER BY n $$,
    $$ VALUES ('PERCENTAGE_REQUIRED'), ('PERCENTAGE_INVALID'), ('PERCENTAGE_NEGATIVE'), ('PERCENTAGE_TOO_LARGE'), (''), (''),
        ('CAPITAL_PERCENTAGE_REQUIRED'), ('EXPENSE_PERCENTAGE_REQUIRED'), ('CAPITAL_PERCENTAGE_REQUIRED EXPENSE_PERCENTAGE_REQUIRED'),
        ('CAPITAL_PERCENTAGE_REQUIRED'),
        ('CAPITAL_PERCENTAGE_INVALID'), ('EXPENSE_PERCENTAGE_INVALID'), ('CAPITAL_PERCENTAGE_INVALID EXPENSE_PERCENTAGE_INVALID'),
        ('CAPITAL_PERCENTAGE_INVALID'),
        (''), (''), ('PERCENTAGE_SUM_TOO_LARGE'), ('CAPITAL_PERCENTAGE_NEGATIVE EXPENSE_PERCENTAGE_NEGATIVE'),
        ('CAPITAL_PERCENTAGE_TOO_LARGE PERCENTAGE_SUM_TOO_LARGE'), ('EXPENSE_PERCENTAGE_TOO_LARGE PERCENTAGE_SUM_TOO_LARGE'),
        ('CAPITAL_PERCENTAGE_NEGATIVE EXPENSE_PERCENTAGE_TOO_LARGE'), (''), (''), ('EXPENSE_PERCENTAGE_NEGATIVE CAPITAL_PERCENTAGE_TOO_LARGE'),
        ('CAPITAL_PERCENTAGE_NEGATIVE EXPENSE_PERCENTAGE_TOO_LARGE') $$,
    'Every code that applies is told, in its order'
);

-- the capital part of a cost
SELECT results_eq(
    $$ SELECT planning.capital_share(cost, capital, expense)::text FROM (VALUES
        (1, 0.03, 1, 5), (2, 0.09, 1, 5), (3, 100, 0, 0), (4, 100, 50, 0), (5, 100, 0, 50), (6, 10, 1, 2), (7, 20, 1, 2), (8, 0.05, 50, 50),
        (9, 0.07, 50, 50), (10, 0.01, 50, 50), (11, 0.01, 51, 49), (12, 0.01, 49, 51), (13, 0.00, 30, 20), (14, 1000.00, 30, 20), (15, 0.03, 50, 50), (16, 5, 0.01, 0), (17, 1.01, 50, 50)
    ) AS cas (n, cost, capital, expense) ORDER BY n $$,
    $$ VALUES ('0.00'), ('0.02'), ('0.00'), ('100.00'), ('0.00'), ('3.33'), ('6.67'), ('0.02'), ('0.04'), ('0.00'), ('0.01'), ('0.00'), ('0.00'), ('600.00'),
        ('0.02'), ('5.00'), ('0.50') $$,
    'An exact half cent goes to the even one'
);
SELECT results_eq(
    $$ SELECT planning.round_half_even(amount, 2)::text FROM (VALUES
        (1, 472.525), (2, 9.005), (3, 27.015), (4, 20.025), (5, 0.005), (6, 0.015), (7, 0.0051), (8, 0.0049), (9, -0.005), (10, -0.015), (11, 1), (12, 0.0150001)
    ) AS cas (n, amount) ORDER BY n $$,
    $$ VALUES ('472.52'), ('9.00'), ('27.02'), ('20.02'), ('0.00'), ('0.02'), ('0.01'), ('0.00'), ('0.00'), ('-0.02'), ('1.00'), ('0.02') $$,
    'Ties of money go to the even cent'
);
SELECT results_eq(
    $$ SELECT planning.round_half_even(amount, digits)::text FROM (VALUES (1, 0.00005, 4), (2, 0.00015, 4), (3, 2.5, 0), (4, 3.5, 0)) AS cas (n, amount, digits) ORDER BY n $$,
    $$ VALUES ('0.0000'), ('0.0002'), ('2'), ('4') $$,
    'And of other digits to the even one of these'
);

-- planning one assignment
SELECT results_eq(
    $$ SELECT planning.assignment_code(kind, first, last, day, is_duplicate, capital, expense, other) FROM (VALUES
        (1, NULL, NULL::date, NULL::date, '2025-01-01'::date, true, 0.5, 0.5, 100), (2, 'NON_LABOR', NULL, NULL, '2025-01-01', true, 0.5, 0.5, 100),
        (3, 'LABOR', NULL, NULL, '2025-01-01', true, 0.5, 0.5, 100), (4, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-01', true, 0.5, 0.5, 100),
        (5, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-04', true, 0.5, 0.5, 100), (6, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-02', true, 0.5, 0.5, 100),
        (7, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-03', false, 0.5, 0.5, 100), (8, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-03', false, 1, 0.5, 100),
        (9, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-03', false, 60, 41, 100), (10, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-03', false, 60, 40, 1),
        (11, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-03', false, 60, 40, 0), (12, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-02', false, 10, 20, 70),
        (13, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-02', false, 10, 20, 71), (14, 'LABOR', '2025-01-02', '2025-01-03', '2025-01-02', false, 0, 0, 100)
    ) AS cas (n, kind, first, last, day, is_duplicate, capital, expense, other) ORDER BY n $$,
    $$ VALUES ('RESOURCE_NOT_FOUND'), ('RESOURCE_NOT_LABOR'), ('PROJECT_NOT_FOUND'), ('DATE_OUTSIDE_PROJECT'), ('DATE_OUTSIDE_PROJECT'), ('DUPLICATE'),
        ('CAPITAL_NOT_WHOLE'), ('EXPENSE_NOT_WHOLE'), ('SUM_OVER_100'), ('CROSS_PROJECT_OVER_100'), ('OK'), ('OK'), ('CROSS_PROJECT_OVER_100'), ('OK') $$,
    'The first check that fails is told'
);

-- scopes
SELECT results_eq(
    $$ SELECT planning.scope_shape_error(kind, program, project) FROM (VALUES
        (1, 'global', NULL::uuid, NULL::uuid), (2, 'global', gen_random_uuid(), NULL), (3, 'global', NULL, gen_random_uuid()), (4, 'program', NULL, NULL),
        (5, 'program', gen_random_uuid(), NULL), (6, 'program', gen_random_uuid(), gen_random_uuid()), (7, 'program', NULL, gen_random_uuid()),
        (8, 'project', NULL, NULL), (9, 'project', NULL, gen_random_uuid()), (10, 'project', gen_random_uuid(), gen_random_uuid()),
        (11, 'project', gen_random_uuid(), NULL), (12, 'team', NULL, NULL)
    ) AS cas (n, kind, program, project) ORDER BY n $$,
    $$ VALUES (NULL), ('GLOBAL_WITH_TARGET'), ('GLOBAL_WITH_TARGET'), ('PROGRAM_REQUIRED'), (NULL), ('PROGRAM_WITH_PROJECT'), ('PROGRAM_REQUIRED'),
        ('PROJECT_REQUIRED'), (NULL), ('PROJECT_WITH_PROGRAM'), ('PROJECT_REQUIRED'), ('SCOPE_TYPE_UNKNOWN') $$,
    'The shape of a scope follows its type'
);
SELECT results_eq(
    $$ SELECT planning.is_reading(word) FROM (VALUES (1, 'read_project'), (2, 'view_budget'), (3, 'update_budget'), (4, 'readproject'), (5, 'viewer'), (6, NULL)) AS cas (n, word) ORDER BY n $$,
    $$ VALUES (true), (true), (false), (false), (false), (NULL) $$,
    'Reading is what begins with read_ or view_'
);

-- shares and pages
SELECT results_eq(
    $$ SELECT planning.page_count(total, size) FROM (VALUES (1, 0, 20), (2, 1, 20), (3, 20, 20), (4, 21, 20), (5, 1, 1), (6, 2, 1)) AS cas (n, total, size) ORDER BY n $$,
    $$ VALUES (0::bigint), (1), (1), (2), (1), (2) $$,
    'The last page may be shorter'
);
SELECT results_eq(
    $$ SELECT planning.percent_of(part, whole)::text FROM (VALUES (1, 1::numeric, 0::numeric), (2, 0, 0), (3, 1, 3), (4, 2, 3), (5, 0, 5), (6, 7, 7)) AS cas (n, part, whole) ORDER BY n $$,
    $$ VALUES ('0.0000'), ('0.0000'), ('33.3333'), ('66.6667'), ('0.0000'), ('100.0000') $$,
    'Percent of nothing are 0'
);
SELECT results_eq(
    $$ SELECT planning.budget_status(forecast, 100), planning.completion_status(forecast, 100), planning.budget_status(forecast, 0), planning.completion_status(forecast, 0)
    FROM (VALUES (0), (89.99), (90), (99.99), (100), (105), (105.01), (110), (110.01)) AS cas (forecast) ORDER BY forecast $$,
    $$ VALUES
        ('on_track', 'in_progress', 'on_track', 'in_progress'), ('on_track', 'in_progress', 'over_budget', 'in_progress'),
        ('on_track', 'near_complete', 'over_budget', 'in_progress'), ('on_track', 'near_complete', 'over_budget', 'in_progress'),
        ('on_track', 'complete', 'over_budget', 'in_progress'), ('on_track', 'complete', 'over_budget', 'in_progress'),
        ('at_risk', 'complete', 'over_budget', 'in_progress'), ('at_risk', 'complete', 'over_budget', 'in_progress'),
        ('over_budget', 'complete', 'over_budget', 'in_progress') $$,
    'Edges of both statuses'
);

-- under way
SELECT results_eq(
    $$ SELECT planning.is_active_on('2025-01-02', '2025-01-04', day), planning.active_next_change_on('2025-01-02', '2025-01-04', day)::text
    FROM unnest('{2025-01-01,2025-01-02,2025-01-03,2025-01-04,2025-01-05}'::date[]) AS day ORDER BY day $$,
    $$ VALUES (false, '2025-01-02'), (true, '2025-01-05'), (true, '2025-01-05'), (true, '2025-01-05'), (false, NULL) $$,
    'Both days belong to what is under way'
);

-- a schedule
SELECT results_eq(
    $$ SELECT cas.n, string_agg(occ.occurrence_date || ' ' || occ.base_amount, ', ' ORDER BY occ.occurrence_no) FROM (VALUES
        (1, 100::numeric, '2025-01-30'::date, '2025-02-02'::date, 'DAILY', 'PERIOD_START'), (2, 10, '2025-01-15', '2025-03-10', 'MONTHLY', 'PERIOD_START'),
        (3, 10, '2025-01-15', '2025-03-10', 'MONTHLY', 'PERIOD_END'), (4, 1, '2024-06-01', '2026-02-01', 'YEARLY', 'PERIOD_END'),
        (5, 1, '2024-06-01', '2026-02-01', 'YEARLY', 'PERIOD_START'), (6, 0.0005, '2025-01-01', '2025-01-02', 'DAILY', 'PERIOD_END'), (7, 5, '2025-01-01', '2025-01-01', 'MONTHLY', 'PERIOD_END')
    ) AS cas (n, total, first, last, frequency, placement)
    CROSS JOIN LATERAL planning.straight_line_schedule(cas.total, cas.first, cas.last, cas.frequency, cas.placement) AS occ GROUP BY cas.n ORDER BY cas.n $$,
    $$ VALUES
        (1, '2025-01-30 25.0000, 2025-01-31 25.0000, 2025-02-01 25.0000, 2025-02-02 25.0000'),
        (2, '2025-01-15 3.3333, 2025-02-01 3.3333, 2025-03-01 3.3334'), (3, '2025-01-31 3.3333, 2025-02-28 3.3333, 2025-03-10 3.3334'),
        (4, '2024-12-31 0.3333, 2025-12-31 0.3333, 2026-02-01 0.3334'), (5, '2024-06-01 0.3333, 2025-01-01 0.3333, 2026-01-01 0.3334'),
        (6, '2025-01-01 0.0002, 2025-01-02 0.0003'), (7, '2025-01-01 5.0000') $$,
    'One amount per period touched, cut, and the rest last'
);

-- variance of a planned and worked day: allocation, then cost, against 50
SELECT results_eq(
    $$ SELECT cas.n, string_agg(kind.variance_type || ' ' || kind.severity, ', ' ORDER BY kind.variance_type) FROM (VALUES
        (1, 50, 50, 0, 9), (2, 55, 55, 50, 55), (3, 65, 50, 50, 50), (4, 64.99, 50, 50, 54.99), (5, 60, 50, 50, 60), (6, 59.99, 50, 50, 59.99), (7, 40, 50, 50, 45), (8, 35, 50, 50, 40),
        (9, 50, 50, 50, 50), (10, 40.01, 50, 50, 45.01)
    ) AS cas (n, worked, ignored, forecast, actual)
    LEFT JOIN LATERAL planning.variance_kinds(true, true, 50, cas.worked, cas.forecast, cas.actual) AS kind ON true GROUP BY cas.n ORDER BY cas.n $$,
    $$ VALUES (1, NULL), (2, 'cost_over medium'), (3, 'allocation_over high'), (4, 'allocation_over medium'), (5, 'allocation_over medium, cost_over high'), (6, 'cost_over medium'),
        (7, 'allocation_under medium, cost_under medium'), (8, 'allocation_under high, cost_under high'), (9, NULL), (10, NULL) $$,
    'Thresholds that are reached exactly count, of nothing there is no percentage'
);

SELECT * FROM finish();
ROLLBACK;
