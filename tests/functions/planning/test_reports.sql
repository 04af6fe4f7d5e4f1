-- Reports of one project, small enough to be added up by hand.
BEGIN;
SELECT plan(33);

-- One organisation: project 3 with phases 41 and 42, project 31 beside it; people 91 and 92, money 93 and 94.
CREATE FUNCTION pg_temp.k(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid;
INSERT INTO planning.portfolios (id, name, description, owner, reporting_start_date, reporting_end_date)
SELECT pg_temp.k(n), 'p', 'd', 'o', '2025-01-01', '2025-12-31' FROM unnest('{1,11}'::integer[]) AS n;
INSERT INTO planning.programs (id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
VALUES (pg_temp.k(2), pg_temp.k(1), 'g', 'b', 'm', 't', '2025-01-01', '2025-12-31'), (pg_temp.k(21), pg_temp.k(11), 'g', 'b', 'm', 't', '2025-01-01', '2025-12-31');
INSERT INTO planning.projects (id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
VALUES (pg_temp.k(3), pg_temp.k(2), 'j', 'b', 'm', 't', '2025-01-01', '2025-12-31', 'TAP-1'),
(pg_temp.k(31), pg_temp.k(2), 'j', 'b', 'm', 't', '2025-01-01', '2025-12-31', 'TAP-2');
INSERT INTO planning.project_phases (
    id, project_id, name, start_date, end_date, labor_capital_budget, labor_expense_budget, nonlabor_capital_budget, nonlabor_expense_budget, total_budget
)
VALUES (pg_temp.k(41), pg_temp.k(3), 'one', '2025-01-01', '2025-03-31', 10, 20, 30, 40, 100),
(pg_temp.k(42), pg_temp.k(3), 'two', '2025-04-01', '2025-06-30', 1, 2, 3, 4, 10);
INSERT INTO planning.worker_types (id, type, description) VALUES (pg_temp.k(5), 'tap', 'd'), (pg_temp.k(51), 'tap without', 'd');
INSERT INTO planning.rates (id, worker_type_id, rate_amount, start_date, end_date)
VALUES (pg_temp.k(61), pg_temp.k(5), 100, '2025-01-01', '2025-01-31'), (pg_temp.k(62), pg_temp.k(5), 200, '2025-02-01', '2025-02-28');
INSERT INTO planning.workers (id, worker_type_id, external_id, name)
VALUES (pg_temp.k(71), pg_temp.k(5), 'T1', 'w'), (pg_temp.k(72), pg_temp.k(5), 'T2', 'w'), (pg_temp.k(73), pg_temp.k(5), 'T3', 'no resource'),
(pg_temp.k(74), pg_temp.k(5), 'T4', 'w');
INSERT INTO planning.resource_roles (id, name) VALUES (pg_temp.k(8), 'tap');
INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
VALUES (pg_temp.k(91), 'a', 'LABOR', pg_temp.k(71), pg_temp.k(8)), (pg_temp.k(92), 'b', 'LABOR', pg_temp.k(72), pg_temp.k(8)),
(pg_temp.k(95), 'e', 'LABOR', pg_temp.k(74), pg_temp.k(8)), (pg_temp.k(93), 'm', 'NON_LABOR', NULL, NULL), (pg_temp.k(94), 'n', 'NON_LABOR', NULL, NULL);

INSERT INTO planning.resource_assignments (id, resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
SELECT pg_temp.k(asg.n), pg_temp.k(asg.resource), pg_temp.k(3), asg.day, asg.capital, asg.expense FROM (VALUES
    (101, 91, '2025-01-01'::date, 50, 0), (102, 91, '2025-01-02', 30, 20), (103, 91, '2025-01-03', 0, 0), (104, 91, '2025-01-31', 10, 10), (105, 92, '2025-01-02', 0, 50)
) AS asg (n, resource, day, capital, expense);
INSERT INTO planning.actuals (id, project_id, resource_id, external_worker_id, worker_name, allocation_percentage, actual_date, actual_cost, capital_amount, expense_amount)
SELECT pg_temp.k(act.n), pg_temp.k(act.project), pg_temp.k(act.resource), act.worker, act.name, act.percentage, act.day, act.capital + act.expense, act.capital, act.expense
FROM (VALUES
    (201, 3, 91, 'T1', 'old', 50, '2025-01-01'::date, 50, 0), (202, 3, 91, 'T1', 'mid', 20, '2025-01-02', 10, 10), (203, 3, 91, 'T1', 'mid', 50, '2025-01-02', 30, 20),
    (204, 3, 91, 'T1', 'mid', 10, '2025-01-03', 1, 0), (205, 3, 91, 'T1', 'new', 5, '2025-04-15', 2, 3), (206, 3, 92, 'T2', 'z', 40, '2025-01-02', 0, 40),
    (207, 3, 93, NULL, NULL, NULL, '2025-01-02', 7, 1), (208, 3, 91, 'T1', 'last', 5, '2025-07-01', 1, 1), (209, 31, 91, 'T1', 'x', 100, '2025-01-01', 1000, 1),
    (210, 3, 93, NULL, NULL, NULL, '2025-02-20', 0, 9), (211, 3, 92, 'non-labor', 'imposter', 1, '2025-02-20', 0, 4), (212, 3, 91, 'T1', 'newest of the day', 1, '2025-07-01', 0, 0)
) AS act (n, project, resource, worker, name, percentage, day, capital, expense);

SELECT results_eq(
    $$ SELECT ser.period_no, ser.period_start::text, ser.period_end::text, ser.total_cost, ser.capital_cost, ser.expense_cost, ser.actuals_count, ser.cumulative_total,
        ser.cumulative_capital, ser.cumulative_expense, ser.cumulative_utilization_pct
    FROM planning.time_series_of(pg_temp.k(3), '2025-01-02', '2025-04-15', 'monthly') AS ser $$,
    $$ VALUES (1, '2025-01-02', '2025-01-31', 119.00, 48.00, 71.00, 5::bigint, 119.00, 48.00, 71.00, 108.1818),
        (2, '2025-02-01', '2025-02-28', 13.00, 0.00, 13.00, 2, 132.00, 48.00, 84.00, 120.0000), (3, '2025-03-01', '2025-03-31', 0, 0, 0, 0, 132.00, 48.00, 84.00, 120.0000),
        (4, '2025-04-01', '2025-04-15', 5.00, 2.00, 3.00, 1, 137.00, 50.00, 87.00, 124.5455) $$,
    'Each month of the window, with running totals'
);
SELECT results_eq(
    $$ SELECT ser.period_no, ser.total_cost, ser.actuals_count FROM planning.time_series_of(pg_temp.k(3), '2025-01-01', '2025-01-03', 'daily') AS ser $$,
    $$ VALUES (1, 50.00, 1::bigint), (2, 118.00, 4), (3, 1.00, 1) $$, 'Both days belong to the window'
);
SELECT results_eq(
    $$ SELECT grp.key COLLATE "default", grp.name COLLATE "default", grp.total_cost, grp.capital_cost, grp.expense_cost, grp.total_allocation, grp.actuals_count
    FROM planning.drill_down_of(pg_temp.k(3), '2025-01-01', '2025-07-01', 'worker') AS grp $$,
    $$ VALUES ('T1', 'newest of the day'::text, 128.00, 94.00, 34.00, 141.00, 7::bigint), ('T2', 'z', 40.00, 0.00, 40.00, 40.00, 1), ('non-labor', 'imposter', 4.00, 0.00, 4.00, 1.00, 1),
        ('non-labor', 'Non-Labor', 17.00, 7.00, 10.00, 0, 2) $$,
    'By worker: named as last, money without people by itself'
);
SELECT results_eq(
    $$ SELECT grp.key COLLATE "default", grp.name COLLATE "default", grp.total_cost FROM planning.drill_down_of(pg_temp.k(3), '2025-01-02', '2025-07-01', 'date') AS grp $$,
    $$ VALUES ('2025-01-02'::text, '2025-01-02'::text, 118.00), ('2025-01-03', '2025-01-03', 1.00), ('2025-02-20', '2025-02-20', 13.00), ('2025-04-15', '2025-04-15', 5.00), ('2025-07-01', '2025-07-01', 2.00) $$,
    'By day'
);
SELECT results_eq(
    $$ SELECT grp.key COLLATE "default", grp.name COLLATE "default", grp.total_cost FROM planning.drill_down_of(pg_temp.k(3), '2025-01-01', '2025-07-01', 'phase') AS grp $$,
    $$ VALUES (pg_temp.k(41)::text, 'one'::text, 182.00), (pg_temp.k(42)::text, 'two', 5.00), ('unknown', 'Unknown Phase', 2.00) $$, 'By phase'
);
SELECT is_empty($$ SELECT * FROM planning.drill_down_of(pg_temp.k(3), '2025-01-01', '2025-07-01', 'week') $$, 'By nothing else');
SELECT results_eq(
    $$ SELECT wkd.resource_id = pg_temp.k(91), wkd.work_date::text, wkd.is_planned, wkd.is_worked, wkd.forecast_allocation, wkd.actual_allocation, wkd.forecast_cost, wkd.actual_cost
    FROM planning.worker_day AS wkd WHERE wkd.project_id = pg_temp.k(3) AND wkd.work_date < '2025-02-01' ORDER BY 2, 1 $$,
    $$ VALUES (true, '2025-01-01', true, true, 50.00, 50.00, 50.00, 50.00), (false, '2025-01-02', true, true, 50.00, 40.00, 50.00, 40.00),
        (true, '2025-01-02', true, true, 50.00, 70.00, 50.00, 70.00), (true, '2025-01-03', false, true, 0::numeric, 10.00, 0::numeric, 1.00),
        (true, '2025-01-31', true, false, 20.00, 0::numeric, 20.00, 0::numeric) $$,
    'Plan and work of a person and day'
);
SELECT results_eq(
    $$ SELECT vrn.worker_id, vrn.variance_date::text, vrn.variance_type, vrn.severity, vrn.allocation_variance, vrn.allocation_variance_pct, vrn.cost_variance, vrn.cost_variance_pct
    FROM planning.variance_worker_day_of(pg_temp.k(3), '2025-01-01', '2025-01-31') AS vrn ORDER BY 2, 1, 3 $$,
    $$ VALUES ('T1'::text, '2025-01-02', 'allocation_over', 'high', 20.00, 40.0000, 20.00, 40.0000), ('T1', '2025-01-02', 'cost_over', 'high', 20.00, 40.0000, 20.00, 40.0000),
        ('T2', '2025-01-02', 'allocation_under', 'medium', -10.00, -20.0000, -10.00, -20.0000), ('T2', '2025-01-02', 'cost_under', 'high', -10.00, -20.0000, -10.00, -20.0000),
        ('T1', '2025-01-03', 'unplanned_work', 'high', 10.00, NULL, 1.00, NULL), ('T1', '2025-01-31', 'unworked_assignment', 'high', -20.00, -100.0000, -20.00, -100.0000) $$,
    'Every difference of a window, both days included'
);
SELECT results_eq(
    $$ SELECT vrn.variance_type, vrn.worker_id, vrn.variance_date::text, vrn.assignment_id, vrn.forecast_allocation, vrn.actual_allocation, vrn.forecast_cost, vrn.actual_cost
    FROM planning.variance_presence_of(pg_temp.k(3), '2025-01-01', '2025-07-01') AS vrn ORDER BY 1, 3 $$,
    $$ VALUES ('unplanned_work'::text, 'non-labor'::text, '2025-02-20', NULL::uuid, 0.00, 1.00, 0.00, 4.00), ('unplanned_work', 'T1', '2025-04-15', NULL, 0.00, 5.00, 0.00, 5.00),
        ('unplanned_work', 'T1', '2025-07-01', NULL, 0.00, 6.00, 0.00, 2.00), ('unworked_assignment', 'unknown', '2025-01-31', pg_temp.k(104), 20.00, 0.00, NULL, 0.00) $$,
    'By presence a day has something or nothing'
);
SELECT results_eq(
    $$ SELECT meth, sum.* FROM unnest('{worker_day,presence,both}'::text[]) WITH ORDINALITY AS giv (meth, n)
    CROSS JOIN LATERAL planning.variance_summary_of(pg_temp.k(3), '2025-01-01', '2025-07-01', meth) AS sum ORDER BY n $$,
    $$ VALUES ('worker_day', 9::bigint, 4::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 72.00, 62.00), ('presence', 4, 3, 1, 0, 0, 0, 0, 32.00, 11.00), ('both', 0, 0, 0, 0, 0, 0, 0, 0, 0) $$,
    'A day that differs in both measures counts once in the sums'
);
SELECT results_eq(
    $$ SELECT sum.total_variances, sum.allocation_over, sum.allocation_under, sum.cost_over, sum.cost_under
    FROM planning.variance_summary_of(pg_temp.k(3), '2025-01-02', '2025-01-02', 'worker_day', 20.01, 40.01, 20.01, 40.01) AS sum $$,
    $$ VALUES (2::bigint, 1::bigint, 0::bigint, 1::bigint, 0::bigint) $$, 'Thresholds are handed on'
);
SET LOCAL tidemark.as_of = '2025-01-03';
SELECT results_eq(
    $$ SELECT vrn.total_variances, vrn.exceptions, vrn.unplanned_work, vrn.unworked_assignment, vrn.allocation_over, vrn.allocation_under, vrn.cost_over, vrn.cost_under,
        vrn.total_allocation_variance, vrn.total_cost_variance, vrn.next_transition_date::text
    FROM planning.variance_to_date AS vrn WHERE vrn.project_id = pg_temp.k(3) $$,
    $$ VALUES (5::bigint, 4::bigint, 1::bigint, 0::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 40.00, 31.00, '2025-01-31') $$, 'To date'
);
SET LOCAL tidemark.as_of = '2025-07-01';
SELECT results_eq(
    $$ SELECT vrn.total_variances, vrn.exceptions, vrn.unworked_assignment, vrn.next_transition_date FROM planning.variance_to_date AS vrn WHERE vrn.project_id = pg_temp.k(3) $$,
    $$ VALUES (9::bigint, 8::bigint, 1::bigint, NULL::date) $$, 'At the end'
);
SET LOCAL tidemark.as_of = '2025-01-31';
SELECT results_eq(
    $$ SELECT vrn.next_transition_date::text FROM planning.variance_to_date AS vrn WHERE vrn.project_id = pg_temp.k(3) $$,
    $$ VALUES ('2025-02-20') $$, 'Labor that is booked ahead is due on its day, money is not'
);
SELECT results_eq(
    $$ SELECT cst.phase_id, cst.month_start::text, cst.total_cost, cst.capital_cost, cst.expense_cost, cst.labor_cost, cst.actuals_count
    FROM planning.monthly_cost AS cst WHERE cst.project_id = pg_temp.k(3) ORDER BY cst.month_start, cst.phase_id $$,
    $$ VALUES (pg_temp.k(41), '2025-01-01', 169.00, 98.00, 71.00, 161.00, 6::bigint), (pg_temp.k(41), '2025-02-01', 13.00, 0.00, 13.00, 4.00, 2),
        (pg_temp.k(42), '2025-04-01', 5.00, 2.00, 3.00, 5.00, 1), (NULL, '2025-07-01', 2.00, 1.00, 1.00, 2.00, 2) $$,
    'Month by month'
);

-- a project that begins with a plan, differs a little, and has money before work
INSERT INTO planning.projects (id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
SELECT pg_temp.k(n), pg_temp.k(2), 'j', 'b', 'm', 't', '2025-01-01', '2025-12-31', 'TAP-' || n FROM unnest('{32,33}'::integer[]) AS n;
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
VALUES (pg_temp.k(95), pg_temp.k(32), '2025-01-01', 10, 0), (pg_temp.k(95), pg_temp.k(32), '2025-01-02', 50, 0);
INSERT INTO planning.actuals (project_id, resource_id, external_worker_id, worker_name, allocation_percentage, actual_date, actual_cost, capital_amount, expense_amount)
VALUES (pg_temp.k(32), pg_temp.k(95), 'T4', 'w', 52, '2025-01-02', 52, 52, 0), (pg_temp.k(32), pg_temp.k(95), 'T4', 'w', 5, '2025-03-05', 5, 5, 0),
(pg_temp.k(32), pg_temp.k(93), NULL, NULL, NULL, '2025-03-03', 5, 5, 0);
CREATE FUNCTION pg_temp.variance(p_project integer, p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (SELECT concat_ws(' ', vrn.total_variances, vrn.exceptions, vrn.unplanned_work, vrn.unworked_assignment, vrn.allocation_over, vrn.allocation_under, vrn.cost_over, vrn.cost_under,
        vrn.total_allocation_variance, vrn.total_cost_variance, coalesce(vrn.next_transition_date::text, 'never'))
        FROM planning.variance_to_date AS vrn WHERE vrn.project_id = pg_temp.k(p_project));
END;
$$;
SELECT is(pg_temp.variance(32, '2024-12-31'), '0 0 0 0 0 0 0 0 0 0 2025-01-01', 'The first day of a project is waited for');
SELECT is(pg_temp.variance(31, '2024-12-31'), '0 0 0 0 0 0 0 0 0 0 2025-01-01', 'With work alone too');
SELECT is(pg_temp.variance(31, '2025-01-01'), '1 1 1 0 0 0 0 0 100.00 1001.00 never', 'And counts');
SELECT is(pg_temp.variance(32, '2025-01-02'), '1 1 0 1 0 0 0 0 10.00 10.00 2025-03-05', 'What differs by less than the thresholds is not summed; money is not waited for');
SELECT is(pg_temp.variance(33, '2025-01-02'), '0 0 0 0 0 0 0 0 0 0 never', 'A project without a day has its row');

INSERT INTO planning.project_phases (id, project_id, name, start_date, end_date) VALUES (pg_temp.k(43), pg_temp.k(31), 'may', '2025-05-02', '2025-05-30');
INSERT INTO planning.actuals (project_id, resource_id, actual_date, actual_cost, capital_amount, expense_amount)
SELECT pg_temp.k(31), pg_temp.k(93), day, 1, 0, 1 FROM unnest('{2025-05-01,2025-05-02,2025-05-30,2025-05-31}'::date[]) AS day;
SELECT results_eq(
    $$ SELECT cst.phase_id, cst.month_start::text, cst.total_cost, cst.labor_cost, cst.actuals_count FROM planning.monthly_cost AS cst
    WHERE cst.project_id = pg_temp.k(31) AND cst.month_start = '2025-05-01' ORDER BY cst.phase_id $$,
    $$ VALUES (pg_temp.k(43), '2025-05-01', 2.00, NULL::numeric, 2::bigint), (NULL, '2025-05-01', 2.00, NULL, 2) $$, 'Both days belong to a phase, those beside it to none'
);
SELECT results_eq(
    $$ SELECT ser.period_no, ser.total_cost, ser.cumulative_utilization_pct FROM planning.time_series_of(pg_temp.k(31), '2025-01-01', '2025-01-01', 'weekly') AS ser $$,
    $$ VALUES (1, 1001.00, 0.0000) $$, 'One day is a window; without a budget nothing is used of it'
);

-- rates and phases of a day
SELECT results_eq(
    $$ SELECT rat.rate_amount, rat.next_change_on::text, planning.rate_on(pg_temp.k(5), day)
    FROM unnest('{2024-12-31,2025-01-01,2025-01-31,2025-02-01,2025-02-28,2025-03-01}'::date[]) AS day CROSS JOIN LATERAL planning.rate_at(pg_temp.k(5), day) AS rat ORDER BY day $$,
    $$ VALUES (NULL::numeric, '2025-01-01', NULL::numeric), (100.00, '2025-02-01', 100.00), (100.00, '2025-02-01', 100.00), (200.00, '2025-03-01', 200.00), (200.00, '2025-03-01', 200.00), (NULL, NULL, NULL) $$,
    'First and last day of a rate count'
);
CREATE FUNCTION pg_temp.rate_of(p_day text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (SELECT concat_ws(' ', coalesce(frc.rate_amount::text, '-'), coalesce(frc.next_change_on::text, 'never'), right(frc.rate_id::text, 2), right(frc.open_rate_id::text, 2), frc.open_rate_amount, frc.open_from)
        FROM planning.rate_in_force AS frc WHERE frc.worker_type_id = pg_temp.k(5));
END;
$$;
SELECT is(
    (SELECT string_agg(pg_temp.rate_of(day), ', ' ORDER BY day) FROM unnest('{2024-12-31,2025-01-01,2025-01-31,2025-02-01,2025-02-28,2025-03-01}'::text[]) AS day),
    '- 2025-01-01, 100.00 2025-02-01 61, 100.00 2025-02-01 61, 200.00 2025-03-01 62, 200.00 2025-03-01 62, - never', 'And in force are they on these days'
);
INSERT INTO planning.rates (id, worker_type_id, rate_amount, start_date) VALUES (pg_temp.k(63), pg_temp.k(5), 300, '2025-06-01');
SELECT is(
    (SELECT string_agg(pg_temp.rate_of(day), ', ' ORDER BY day) FROM unnest('{2025-03-01,2025-05-31,2025-06-01,2030-01-01}'::text[]) AS day),
    '- 2025-06-01 63 300.00 2025-06-01, - 2025-06-01 63 300.00 2025-06-01, 300.00 never 63 63 300.00 2025-06-01, 300.00 never 63 63 300.00 2025-06-01', 'The open one may be still to come'
);
SELECT is((SELECT count(*) FROM planning.rate_in_force AS frc WHERE frc.worker_type_id = pg_temp.k(51) AND frc.rate_id IS NULL AND frc.open_rate_id IS NULL), 1::bigint, 'A type without a rate has its row');
SELECT results_eq(
    $$ SELECT pha.phase_id, pha.next_change_on::text FROM unnest('{2024-12-31,2025-01-01,2025-03-31,2025-04-01,2025-06-30,2025-07-01}'::date[]) AS day
    CROSS JOIN LATERAL planning.phase_at(pg_temp.k(3), day) AS pha ORDER BY day $$,
    $$ VALUES (NULL::uuid, '2025-01-01'), (pg_temp.k(41), '2025-04-01'), (pg_temp.k(41), '2025-04-01'), (pg_temp.k(42), '2025-07-01'), (pg_temp.k(42), '2025-07-01'), (NULL, NULL) $$,
    'The phase of a day, and when it is another'
);

-- what an actual costs, and what can be planned
SELECT results_eq(
    $$ SELECT cos.code, cos.resource_id, cos.actual_cost, cos.capital_amount FROM (VALUES
        (1, 71, '2025-01-02'::date, 50::numeric, NULL::numeric, NULL::numeric), (2, 71, '2025-01-02', NULL, 10, 20), (3, 71, '2025-05-01', 50, NULL, NULL), (4, 73, '2025-01-02', 50, NULL, NULL),
        (5, 71, '2025-01-05', 50, NULL, NULL), (6, 71, '2025-01-05', NULL, 50, 0), (7, 71, '2025-01-03', 50, NULL, NULL), (8, 73, '2025-05-01', 50, NULL, NULL), (9, 71, '2025-01-02', 0.125, NULL, NULL),
        (10, 71, '2025-01-02', NULL, 0.125, 0)
    ) AS cas (n, worker, day, one, capital, expense)
    CROSS JOIN LATERAL planning.labor_cost(pg_temp.k(cas.worker), pg_temp.k(3), cas.day, cas.one, cas.capital, cas.expense) AS cos ORDER BY cas.n $$,
    $$ VALUES (NULL::text, pg_temp.k(91), 50.00, 30.00), (NULL, pg_temp.k(91), 30.00, 10.00), ('RATE_NOT_FOUND', pg_temp.k(91), NULL, NULL), ('NO_RESOURCE_FOR_WORKER', NULL, 50.00, NULL),
        ('NO_PLANNED_ASSIGNMENT', pg_temp.k(91), 50.00, NULL), (NULL, pg_temp.k(91), 50.00, 50.00), (NULL, pg_temp.k(91), 50.00, 0.00), ('RATE_NOT_FOUND', NULL, NULL, NULL), (NULL, pg_temp.k(91), 0.12, 0.07),
        (NULL, pg_temp.k(91), 0.12, 0.12) $$,
    'The first reason why an actual has no cost'
);
SELECT results_eq(
    $$ SELECT planning.assignment_outcome(pg_temp.k(resource), pg_temp.k(project), day, capital, expense, pg_temp.k(except_id)) FROM (VALUES
        (1, 91, 3, '2025-01-05'::date, 60, 40, NULL), (2, 91, 31, '2025-01-01', 25, 25, NULL), (3, 91, 31, '2025-01-01', 26, 25, NULL), (4, 91, 3, '2025-01-01', 1, 1, NULL),
        (5, 91, 3, '2025-01-01', 60, 40, 101), (6, 91, 31, '2025-01-01', 60, 40, 101), (7, 99, 3, '2025-01-01', 1, 1, NULL), (8, 93, 3, '2025-01-01', 1, 1, NULL), (9, 91, 39, '2025-01-01', 1, 1, NULL),
        (10, 91, 3, '2024-12-31', 1, 1, NULL), (11, 91, 3, '2025-12-31', 1, 1, NULL), (12, 91, 3, '2026-01-01', 1, 1, NULL), (13, 92, 31, '2025-01-01', 60, 40, NULL)
    ) AS cas (n, resource, project, day, capital, expense, except_id) ORDER BY n $$,
    $$ VALUES ('OK'), ('OK'), ('CROSS_PROJECT_OVER_100'), ('DUPLICATE'), ('OK'), ('OK'), ('RESOURCE_NOT_FOUND'), ('RESOURCE_NOT_LABOR'), ('PROJECT_NOT_FOUND'), ('DATE_OUTSIDE_PROJECT'), ('OK'),
        ('DATE_OUTSIDE_PROJECT'), ('OK') $$,
    'What is in the way of an assignment'
);

-- over-allocation
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
VALUES (pg_temp.k(91), pg_temp.k(31), '2025-01-02', 0, 50), (pg_temp.k(91), pg_temp.k(31), '2025-01-31', 41, 40), (pg_temp.k(92), pg_temp.k(31), '2025-01-02', 50, 1);
SELECT results_eq(
    $$ SELECT con.resource_id, con.assignment_date::text, con.total_allocation, con.over_allocation FROM planning.assignment_conflict AS con ORDER BY con.assignment_date DESC $$,
    $$ VALUES (pg_temp.k(91), '2025-01-31', 101.00, 1.00), (pg_temp.k(92), '2025-01-02', 101.00, 1.00) $$, 'Exactly 100 is no conflict'
);
SELECT results_eq(
    $$ SELECT con.external_worker_id::text, con.actual_date::text, con.total_allocation, con.excess FROM planning.actual_conflict AS con $$,
    $$ VALUES ('T1', '2025-01-01', 150.00, 50.00) $$, 'Of actuals alike'
);

-- timelines
SELECT results_eq(
    $$ SELECT array_to_string(planning.phase_timeline_codes('2025-01-01', '2025-03-31', phases::jsonb), ' ') FROM (VALUES
        (1, '[]'), (2, '[{"name":"a","start_date":"2025-01-01","end_date":"2025-03-31"}]'),
        (3, '[{"name":"b","start_date":"2025-02-01","end_date":"2025-03-31"},{"name":"a","start_date":"2025-01-01","end_date":"2025-01-31"}]'),
        (4, '[{"name":"a","start_date":"2025-01-01","end_date":"2025-01-31"},{"name":"b","start_date":"2025-02-02","end_date":"2025-03-31"}]'),
        (5, '[{"name":"a","start_date":"2025-01-01","end_date":"2025-02-01"},{"name":"b","start_date":"2025-02-01","end_date":"2025-03-31"}]'),
        (6, '[{"name":" ","start_date":"2025-01-02","end_date":"2025-03-30"}]'), (7, '[{"start_date":"2024-12-31","end_date":"2025-04-01"}]'),
        (8, '[{"name":"' || repeat('x', 100) || '","start_date":"2025-01-01","end_date":"2025-03-31"}]'), (9, '[{"name":"' || repeat('x', 101) || '","start_date":"2025-01-01","end_date":"2025-03-31"}]'),
        (10, '[{"name":"a","start_date":"2025-01-01","end_date":"2024-12-31"},{"name":"b","start_date":"2025-01-01","end_date":"2025-03-31"}]'),
        (11, '[{"name":"a","start_date":"2025-01-01","end_date":"2025-01-01"},{"name":"b","start_date":"2025-01-02","end_date":"2025-03-31"}]'),
        (12, '[{"name":"a","start_date":"2025-01-01","end_date":"2025-01-31"},{"name":"b","start_date":"2025-02-01","end_date":"2025-02-28"},{"name":"c","start_date":"2025-03-01","end_date":"2025-03-31"}]')
    ) AS cas (n, phases) ORDER BY n $$,
    $$ VALUES ('NO_PHASES'), (''), (''), ('GAP'), ('OVERLAP'), ('FIRST_START LAST_END NAME_EMPTY'), ('AFTER_PROJECT BEFORE_PROJECT FIRST_START LAST_END NAME_EMPTY'), (''), ('NAME_TOO_LONG'),
        ('DATE_ORDER'), (''), ('') $$,
    'Everything that is wrong with a timeline'
);

-- the log
INSERT INTO audit.entries (login, family, table_name, row_key, action, actor)
VALUES ('l', 'planning', 'planning.tap', pg_temp.k(3)::text, 'CREATE', pg_temp.k(14)::text), ('l', 'commerce', 'commerce.tap', 'x', 'CREATE', NULL);
SELECT results_eq($$ SELECT log.entity_type::text, log.entity_id, log.user_id, log.operation::text FROM planning.audit_logs AS log $$, $$ VALUES ('planning.tap', pg_temp.k(3), pg_temp.k(14), 'CREATE') $$, 'Changes of planning alone');

SELECT * FROM finish();
ROLLBACK;
