-- Forecast of one project, day by day: what is booked, what is to come, and when that changes.
BEGIN;
SELECT plan(9);

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
VALUES (pg_temp.k(71), pg_temp.k(5), 'T1', 'w'), (pg_temp.k(72), pg_temp.k(5), 'T2', 'w'), (pg_temp.k(73), pg_temp.k(5), 'T3', 'no resource');
INSERT INTO planning.resource_roles (id, name) VALUES (pg_temp.k(8), 'tap');
INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
VALUES (pg_temp.k(91), 'a', 'LABOR', pg_temp.k(71), pg_temp.k(8)), (pg_temp.k(92), 'b', 'LABOR', pg_temp.k(72), pg_temp.k(8)),
(pg_temp.k(93), 'm', 'NON_LABOR', NULL, NULL), (pg_temp.k(94), 'n', 'NON_LABOR', NULL, NULL);

INSERT INTO planning.resource_assignments (id, resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
SELECT pg_temp.k(asg.n), pg_temp.k(91), pg_temp.k(3), asg.day, asg.capital, asg.expense FROM (VALUES
    (101, '2025-02-09'::date, 50, 50), (102, '2025-02-10', 10, 0), (103, '2025-02-11', 30, 20), (104, '2025-02-28', 50, 0), (105, '2025-03-01', 25, 25),
    (106, '2025-04-01', 10, 0), (107, '2025-07-01', 10, 10), (108, '2025-01-31', 40, 0), (109, '2025-02-01', 40, 0)
) AS asg (n, day, capital, expense);
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
VALUES (pg_temp.k(92), pg_temp.k(31), '2025-02-11', 99, 0);
INSERT INTO planning.actuals (project_id, resource_id, external_worker_id, worker_name, allocation_percentage, actual_date, actual_cost, capital_amount, expense_amount)
SELECT pg_temp.k(3), pg_temp.k(act.resource), act.worker, act.worker, CASE WHEN act.worker IS NOT NULL THEN 10 END, act.day, act.capital + act.expense, act.capital, act.expense
FROM (VALUES
    (91, 'T1', '2024-12-31'::date, 3, 4), (91, 'T1', '2025-01-01', 4, 6), (91, 'T1', '2025-02-10', 20, 0), (91, 'T1', '2025-02-11', 30, 0),
    (93, NULL, '2025-01-15', 5, 2), (93, NULL, '2025-02-10', 3, 0), (93, NULL, '2025-02-20', 50, 0), (93, NULL, '2024-12-30', 1000, 1000)
) AS act (resource, worker, day, capital, expense);
INSERT INTO planning.nonlabor_plan_lines (id, project_id, resource_id, name, method, cost_treatment, currency_code, total_amount, status)
SELECT pg_temp.k(lin.n), pg_temp.k(3), pg_temp.k(lin.resource), 'l', 'MANUAL', lin.treatment, 'USD', 1, lin.status FROM (VALUES
    (121, 93, 'CAPITAL', 'ACTIVE'), (122, 93, 'EXPENSE', 'ACTIVE'), (123, 93, 'CAPITAL', 'CANCELLED'), (124, 94, 'CAPITAL', 'ACTIVE'), (125, 93, 'CAPITAL', 'ACTIVE')
) AS lin (n, resource, treatment, status);
INSERT INTO planning.nonlabor_plan_occurrences (plan_line_id, occurrence_date, base_amount, override_amount, source)
SELECT pg_temp.k(occ.line), occ.day, occ.base, occ.override, 'MANUAL' FROM (VALUES
    (121, '2025-01-10'::date, 4, NULL::numeric), (121, '2025-02-10', 6, 9), (125, '2025-02-12', 7, NULL), (125, '2025-03-31', 1, 0),
    (122, '2025-01-10', 1, NULL), (122, '2025-04-02', 11, NULL), (123, '2025-03-03', 100, NULL), (123, '2025-01-03', 100, NULL), (124, '2025-01-20', 50, NULL)
) AS occ (line, day, base, override);

SET LOCAL tidemark.as_of = '2025-02-10';
SELECT results_eq(
    $$ SELECT coalesce(fig.phase_id = pg_temp.k(41), NULL), fig.budget_labor_capital, fig.budget_labor_expense, fig.budget_nonlabor_capital, fig.budget_nonlabor_expense
    FROM planning.forecast_figure AS fig WHERE fig.project_id = pg_temp.k(3) ORDER BY fig.phase_id NULLS FIRST $$,
    $$ VALUES (NULL::boolean, 11.00, 22.00, 33.00, 44.00), (true, 10.00, 20.00, 30.00, 40.00), (false, 1.00, 2.00, 3.00, 4.00) $$,
    'A project has the budgets of its phases'
);
SELECT results_eq(
    $$ SELECT fig.actual_labor_capital, fig.actual_labor_expense, fig.actual_nonlabor_capital, fig.actual_nonlabor_expense
    FROM planning.forecast_figure AS fig WHERE fig.project_id = pg_temp.k(3) ORDER BY fig.phase_id NULLS FIRST $$,
    $$ VALUES (24.00, 6.00, 8.00, 2.00), (24.00, 6.00, 8.00, 2.00), (0, 0, 0, 0) $$,
    'Booked is what lies from the start through the day'
);
SELECT results_eq(
    $$ SELECT fig.forecast_labor_capital, fig.forecast_labor_expense, fig.forecast_nonlabor_capital, fig.forecast_nonlabor_expense, fig.defaulted_assignments,
        fig.next_transition_date::text
    FROM planning.forecast_figure AS fig WHERE fig.project_id = pg_temp.k(3) ORDER BY fig.phase_id NULLS FIRST $$,
    $$ VALUES (610.00, 390.00, 62.0000, 11.0000, 3::bigint, '2025-02-11'), (410.00, 290.00, 62.0000, 0, 1, '2025-02-11'), (100.00, 0, 0, 11.0000, 1, '2025-04-01') $$,
    'To come is what lies after the day, and money planned that is not spent'
);
SELECT results_eq(
    $$ SELECT count(*), min(budget_labor_capital), min(budget_labor_expense), min(budget_nonlabor_capital), min(budget_nonlabor_expense), min(actual_labor_capital), min(forecast_labor_capital), min(forecast_nonlabor_capital), min(next_transition_date)::text
    FROM planning.forecast_figure WHERE project_id = pg_temp.k(31) $$,
    $$ VALUES (1::bigint, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 198.00, 0::numeric, '2025-02-11') $$,
    'A project without phases has its row'
);
CREATE FUNCTION pg_temp.next_on(p_day text, p_phase integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tidemark.as_of', p_day, true);
    RETURN (SELECT fig.next_transition_date FROM planning.forecast_figure AS fig
        WHERE fig.project_id = pg_temp.k(3) AND fig.phase_id IS NOT DISTINCT FROM pg_temp.k(p_phase));
END;
$$;
SELECT is(
    (SELECT string_agg(coalesce(pg_temp.next_on(day, NULL), '-'), ' ' ORDER BY day) FROM unnest('{2025-02-11,2025-02-12,2025-02-20,2025-02-28,2025-03-01,2025-03-31,2025-04-01,2025-04-02,2025-07-01}'::text[]) AS day),
    '2025-02-12 2025-02-20 2025-02-28 2025-03-01 2025-03-31 2025-04-01 2025-04-02 2025-07-01 -', 'Each day on which something happens is the next one once'
);
SELECT is(
    (SELECT string_agg(coalesce(pg_temp.next_on(day, 41), '-'), ' ' ORDER BY day) FROM unnest('{2024-12-01,2025-02-28,2025-03-01,2025-03-31}'::text[]) AS day),
    '2025-01-01 2025-03-01 2025-03-31 -', 'Of a phase what is inside it'
);
SELECT is(pg_temp.next_on('2024-12-01', NULL), '2025-01-01', 'Actuals before the start are never waited for');
SET LOCAL tidemark.as_of = '2024-12-31';
SELECT results_eq(
    $$ SELECT fig.actual_labor_capital, fig.actual_nonlabor_capital, fig.forecast_nonlabor_capital, fig.forecast_labor_capital FROM planning.forecast_figure AS fig
    WHERE fig.project_id = pg_temp.k(3) AND fig.phase_id IS NULL $$,
    $$ VALUES (0::numeric, 0::numeric, 70.0000, 850.00) $$,
    'What was booked before the start counts nowhere, and spends no plan'
);
SELECT results_eq(
    $$ SELECT cos.assignment_id = pg_temp.k(108), cos.rate_amount, cos.is_defaulted, cos.forecast_cost, cos.forecast_capital FROM planning.assignment_cost AS cos
    WHERE cos.project_id = pg_temp.k(3) AND cos.assignment_date IN ('2025-01-31', '2025-02-01', '2025-02-11', '2025-02-28', '2025-03-01') ORDER BY cos.assignment_date $$,
    $$ VALUES (true, 100.00, false, 40.00, 40.00), (false, 200.00, false, 80.00, 80.00), (false, 200.00, false, 100.00, 60.00), (false, 200.00, false, 100.00, 100.00),
        (false, 1000.00, true, 500.00, 250.00) $$,
    'Work is priced by the rate of its day, both ends included, or by the default'
);

SELECT * FROM finish();
ROLLBACK;
