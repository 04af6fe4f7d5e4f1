-- Edges: projects, days and people that lie exactly on a limit
-- They are there in every size: budgets met to the cent, days of 100.00 and 100.01 per cent, spending that equals its plan.

CREATE TEMP TABLE generated_edge ON COMMIT DROP AS
SELECT
    edge.*,
    pg_temp.id_of('edge', plan.project_base + edge.no) AS id,
    pg_temp.id_of('thing', plan.thing_base + 1) AS thing_id,
    plan.as_of
FROM pg_temp.generated_plan AS plan
CROSS JOIN (VALUES
    -- name, budget, planned in the past, planned today, planned later, spent
    (1, 'Edge: forecast at 1.05 of the budget', 1000.00, 0, 0, 1050.00, 0),
    (2, 'Edge: forecast a cent above 1.05', 1000.00, 0, 0, 1050.01, 0),
    (3, 'Edge: forecast at 1.10 of the budget', 1000.00, 0, 0, 1100.00, 0),
    (4, 'Edge: forecast a cent above 1.10', 1000.00, 0, 0, 1100.01, 0),
    (5, 'Edge: actual at 90 per cent', 1000.00, 0, 0, 0, 900.00),
    (6, 'Edge: actual at 100 per cent', 1000.00, 0, 0, 0, 1000.00),
    (7, 'Edge: overdue and all spent', 2000.00, 500.00, 0, 0, 500.00),
    (8, 'Edge: overdue and more spent', 2000.00, 500.00, 0, 0, 600.00),
    (9, 'Edge: planned for the day itself', 2000.00, 0, 300.00, 0, 0),
    (10, 'Edge: no phase', NULL, 0, 0, 100.00, 0)
) AS edge (no, name, budget, past, today, later, spent);

INSERT INTO planning.projects (
    id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code
)
SELECT edge.id, pg_temp.id_of('program', plan.program_base + 1), edge.name, 'Sponsor 0', 'Manager 0', 'Lead 0',
    plan.as_of - 100, plan.as_of + 100, 'E-' || lpad((plan.project_base + edge.no)::text, 6, '0')
FROM pg_temp.generated_edge AS edge
CROSS JOIN pg_temp.generated_plan AS plan;

-- the day of the run is the last one of the first phase
INSERT INTO planning.project_phases (id, project_id, name, start_date, end_date, nonlabor_capital_budget, total_budget)
SELECT pg_temp.id_of('edge phase', (plan.project_base + edge.no) * 2 + half.no), edge.id, half.name, half.from_day, half.to_day,
    edge.budget * half.no, edge.budget * half.no
FROM pg_temp.generated_edge AS edge
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (VALUES
    (0, 'To the day', plan.as_of - 100, plan.as_of), (1, 'After the day', plan.as_of + 1, plan.as_of + 100)
) AS half (no, name, from_day, to_day)
WHERE edge.budget IS NOT NULL;

INSERT INTO planning.nonlabor_plan_lines (id, project_id, resource_id, name, method, cost_treatment, currency_code, total_amount, status)
SELECT pg_temp.id_of('edge line', plan.project_base + edge.no), edge.id, edge.thing_id, 'Line', 'MANUAL', 'CAPITAL', 'USD',
    edge.past + edge.today + edge.later, 'ACTIVE'
FROM pg_temp.generated_edge AS edge
CROSS JOIN pg_temp.generated_plan AS plan
WHERE edge.past + edge.today + edge.later > 0;

INSERT INTO planning.nonlabor_plan_occurrences (id, plan_line_id, occurrence_date, base_amount, source)
SELECT pg_temp.id_of('edge occurrence', (plan.project_base + edge.no) * 4 + entry.no), pg_temp.id_of('edge line', plan.project_base + edge.no),
    entry.day, entry.amount, 'MANUAL'
FROM pg_temp.generated_edge AS edge
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (VALUES (1, edge.as_of - 30, edge.past), (2, edge.as_of, edge.today), (3, edge.as_of + 30, edge.later))
AS entry (no, day, amount)
WHERE entry.amount > 0;

INSERT INTO planning.actuals (id, project_id, resource_id, actual_date, actual_cost, capital_amount, expense_amount)
SELECT pg_temp.id_of('edge actual', plan.project_base + edge.no), edge.id, edge.thing_id, edge.as_of, edge.spent, edge.spent, 0
FROM pg_temp.generated_edge AS edge
CROSS JOIN pg_temp.generated_plan AS plan
WHERE edge.spent > 0;

-- one person on two projects: 100.00 per cent a week after the day, 100.01 per cent the day after
INSERT INTO planning.workers (id, worker_type_id, external_id, name)
SELECT pg_temp.id_of('edge worker', plan.worker_base), pg_temp.id_of('type', plan.type_base + 1), 'E' || plan.worker_base, 'Edge ' || plan.worker_base
FROM pg_temp.generated_plan AS plan;

INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
SELECT pg_temp.id_of('edge labor', plan.worker_base), 'Edge ' || plan.worker_base, 'LABOR', pg_temp.id_of('edge worker', plan.worker_base),
    pg_temp.id_of('role', plan.role_base + 1)
FROM pg_temp.generated_plan AS plan;

INSERT INTO planning.resource_assignments (id, resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
SELECT pg_temp.id_of('edge assignment', plan.project_base * 4 + one.no), pg_temp.id_of('edge labor', plan.worker_base),
    pg_temp.id_of('edge', plan.project_base + one.project_no), plan.as_of + one.days, one.capital, one.expense
FROM pg_temp.generated_plan AS plan
CROSS JOIN (VALUES (0, 9, 7, 50.00, 0.00), (1, 10, 7, 20.00, 30.00), (2, 9, 8, 50.00, 0.00), (3, 10, 8, 20.00, 30.01))
AS one (no, project_no, days, capital, expense);

ANALYZE planning.actuals;
ANALYZE planning.actual_import_batches, planning.projects, planning.project_phases, planning.nonlabor_plan_lines, planning.resource_assignments;
