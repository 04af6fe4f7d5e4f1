-- planning.forecast_figure
-- Budget, actual and remaining forecast, in their four parts.
-- grain:    one row per project (phase_id NULL) and per phase
-- requires: planning.forecast_window, planning.assignment_cost, refresh.as_of_date()
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE VIEW planning.forecast_figure AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    win.project_id,
    win.phase_id,
    win.budget_labor_capital,
    win.budget_labor_expense,
    win.budget_nonlabor_capital,
    win.budget_nonlabor_expense,
    act.labor_capital AS actual_labor_capital,
    act.labor_expense AS actual_labor_expense,
    act.nonlabor_capital AS actual_nonlabor_capital,
    act.nonlabor_expense AS actual_nonlabor_expense,
    asg.capital AS forecast_labor_capital,
    asg.expense AS forecast_labor_expense,
    pln.capital AS forecast_nonlabor_capital,
    pln.expense AS forecast_nonlabor_expense,
    asg.defaulted_assignments,
    least(asg.next_on, pln.next_on, act.next_on) AS next_transition_date
FROM planning.forecast_window AS win
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(own.capital_amount) FILTER (WHERE res.resource_type = 'LABOR' AND own.actual_date <= clock.as_of), 0) AS labor_capital,
        coalesce(sum(own.expense_amount) FILTER (WHERE res.resource_type = 'LABOR' AND own.actual_date <= clock.as_of), 0) AS labor_expense,
        coalesce(sum(own.capital_amount) FILTER (WHERE res.resource_type = 'NON_LABOR' AND own.actual_date <= clock.as_of), 0)
            AS nonlabor_capital,
        coalesce(sum(own.expense_amount) FILTER (WHERE res.resource_type = 'NON_LABOR' AND own.actual_date <= clock.as_of), 0)
            AS nonlabor_expense,
        min(own.actual_date) FILTER (WHERE own.actual_date > clock.as_of) AS next_on
    FROM planning.actuals AS own
    INNER JOIN planning.resources AS res ON own.resource_id = res.id
    WHERE own.project_id = win.project_id AND own.actual_date BETWEEN win.actuals_from AND win.days_to
) AS act
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(cst.forecast_capital), 0) AS capital,
        coalesce(sum(cst.forecast_cost - cst.forecast_capital), 0) AS expense,
        count(*) FILTER (WHERE cst.is_defaulted) AS defaulted_assignments,
        min(cst.assignment_date) AS next_on
    FROM planning.assignment_cost AS cst
    WHERE cst.project_id = win.project_id AND cst.assignment_date > clock.as_of
        AND cst.assignment_date BETWEEN win.plans_from AND win.days_to
) AS asg
CROSS JOIN LATERAL (
    -- what is planned for the past and not spent is still to come; spending more than was planned takes nothing from others
    SELECT
        coalesce(sum(grp.future + greatest(grp.overdue - spent.amount, 0)) FILTER (WHERE grp.cost_treatment = 'CAPITAL'), 0) AS capital,
        coalesce(sum(grp.future + greatest(grp.overdue - spent.amount, 0)) FILTER (WHERE grp.cost_treatment = 'EXPENSE'), 0) AS expense,
        min(grp.next_on) AS next_on
    FROM (
        SELECT
            lin.resource_id,
            lin.cost_treatment,
            coalesce(sum(coalesce(occ.override_amount, occ.base_amount)) FILTER (WHERE occ.occurrence_date > clock.as_of), 0) AS future,
            coalesce(sum(coalesce(occ.override_amount, occ.base_amount)) FILTER (WHERE occ.occurrence_date <= clock.as_of), 0) AS overdue,
            min(occ.occurrence_date) FILTER (WHERE occ.occurrence_date > clock.as_of) AS next_on
        FROM planning.nonlabor_plan_lines AS lin
        INNER JOIN planning.nonlabor_plan_occurrences AS occ ON lin.id = occ.plan_line_id
        WHERE lin.project_id = win.project_id AND lin.status = 'ACTIVE'
            AND occ.occurrence_date BETWEEN win.plans_from AND win.days_to
        GROUP BY lin.resource_id, lin.cost_treatment
    ) AS grp
    CROSS JOIN LATERAL (
        SELECT
            coalesce(sum(CASE grp.cost_treatment WHEN 'CAPITAL' THEN own.capital_amount ELSE own.expense_amount END), 0) AS amount
        FROM planning.actuals AS own
        WHERE own.project_id = win.project_id AND own.resource_id = grp.resource_id
            AND own.actual_date BETWEEN win.actuals_from AND least(win.days_to, clock.as_of)
    ) AS spent
) AS pln;

COMMENT ON VIEW planning.forecast_figure IS
'Figures on refresh.as_of_date(). The forecast is the remaining cost: planned work after that day, planned money after it, and money planned up to it that is not spent.';
COMMENT ON COLUMN planning.forecast_figure.defaulted_assignments IS 'Assignments still to come that were priced by the default rate.';
COMMENT ON COLUMN planning.forecast_figure.next_transition_date IS 'First day on which the row differs although no table changes; NULL: never.';

GRANT SELECT ON planning.forecast_figure TO tidemark_operator;
