-- planning.forecast
-- What every project, phase, program and portfolio has as budget, has spent and has still to come, and how these compare.
-- grain:    one row per project, phase, program and portfolio
-- requires: planning.forecast_part, planning.percent_of(), planning.budget_status(), planning.completion_status()
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE VIEW planning.forecast AS
SELECT
    prt.entity_type,
    prt.entity_id,
    prt.child_count,
    tot.budget_total,
    prt.budget_labor_capital + prt.budget_nonlabor_capital AS budget_capital,
    prt.budget_labor_expense + prt.budget_nonlabor_expense AS budget_expense,
    prt.budget_labor_capital,
    prt.budget_labor_expense,
    prt.budget_nonlabor_capital,
    prt.budget_nonlabor_expense,
    tot.actual_total,
    prt.actual_labor_capital + prt.actual_nonlabor_capital AS actual_capital,
    prt.actual_labor_expense + prt.actual_nonlabor_expense AS actual_expense,
    prt.actual_labor_capital,
    prt.actual_labor_expense,
    prt.actual_nonlabor_capital,
    prt.actual_nonlabor_expense,
    tot.forecast_total,
    prt.forecast_labor_capital + prt.forecast_nonlabor_capital AS forecast_capital,
    prt.forecast_labor_expense + prt.forecast_nonlabor_expense AS forecast_expense,
    prt.forecast_labor_capital,
    prt.forecast_labor_expense,
    prt.forecast_nonlabor_capital,
    prt.forecast_nonlabor_expense,
    tot.budget_total - tot.actual_total AS budget_remaining,
    tot.forecast_total - tot.budget_total AS forecast_variance,
    planning.percent_of(tot.actual_total, tot.budget_total) AS budget_utilization_pct,
    planning.percent_of(tot.forecast_total, tot.budget_total) AS forecast_to_budget_pct,
    planning.budget_status(tot.forecast_total, tot.budget_total) AS budget_status,
    planning.completion_status(tot.actual_total, tot.budget_total) AS completion_status,
    tot.forecast_total > tot.budget_total AS is_over_budget,
    tot.forecast_total < tot.budget_total AS is_under_budget,
    tot.actual_total + tot.forecast_total AS current_forecast_total,
    tot.budget_total - tot.actual_total - tot.forecast_total AS current_variance,
    prt.defaulted_assignments,
    prt.next_transition_date,
    prt.currency_code,
    prt.project_id
FROM planning.forecast_part AS prt
CROSS JOIN LATERAL (
    SELECT
        prt.budget_labor_capital + prt.budget_labor_expense + prt.budget_nonlabor_capital + prt.budget_nonlabor_expense AS budget_total,
        prt.actual_labor_capital + prt.actual_labor_expense + prt.actual_nonlabor_capital + prt.actual_nonlabor_expense AS actual_total,
        prt.forecast_labor_capital + prt.forecast_labor_expense + prt.forecast_nonlabor_capital + prt.forecast_nonlabor_expense AS forecast_total
) AS tot;

COMMENT ON VIEW planning.forecast IS
'Figures on refresh.as_of_date(): stored ones where they are right for that day. The forecast is what is still to come and does not contain the actuals.';
COMMENT ON COLUMN planning.forecast.forecast_variance IS 'Remaining forecast minus the whole budget.';
COMMENT ON COLUMN planning.forecast.current_forecast_total IS 'Actual plus forecast: what the whole will cost.';
COMMENT ON COLUMN planning.forecast.current_variance IS 'Budget minus current_forecast_total; positive: under budget.';

COMMENT ON COLUMN planning.forecast.project_id IS 'As of planning.forecast_part.';

GRANT SELECT ON planning.forecast TO tidemark_operator;
