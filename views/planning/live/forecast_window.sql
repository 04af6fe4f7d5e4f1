-- planning.forecast_window
-- What a forecast is made for: each project, and each phase, with its days and its budget.
-- grain:    one row per project (phase_id NULL) and per phase
-- requires: nothing
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE VIEW planning.forecast_window AS
SELECT
    prj.id AS project_id,
    NULL::uuid AS phase_id,
    prj.start_date AS actuals_from,
    '-infinity'::date AS plans_from,
    'infinity'::date AS days_to,
    coalesce(sum(pha.labor_capital_budget), 0) AS budget_labor_capital,
    coalesce(sum(pha.labor_expense_budget), 0) AS budget_labor_expense,
    coalesce(sum(pha.nonlabor_capital_budget), 0) AS budget_nonlabor_capital,
    coalesce(sum(pha.nonlabor_expense_budget), 0) AS budget_nonlabor_expense
FROM planning.projects AS prj
LEFT JOIN planning.project_phases AS pha ON prj.id = pha.project_id
GROUP BY prj.id
UNION ALL
SELECT
    pha.project_id,
    pha.id,
    pha.start_date AS actuals_from,
    pha.start_date AS plans_from,
    pha.end_date,
    pha.labor_capital_budget,
    pha.labor_expense_budget,
    pha.nonlabor_capital_budget,
    pha.nonlabor_expense_budget
FROM planning.project_phases AS pha;

COMMENT ON VIEW planning.forecast_window IS
'A project counts actuals from its start, without end, and plans of all days; a phase counts what is inside it.';

GRANT SELECT ON planning.forecast_window TO tidemark_operator;
