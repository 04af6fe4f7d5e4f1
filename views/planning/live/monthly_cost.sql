-- planning.monthly_cost
-- What was booked on the phases of projects, month by month.
-- grain:    one row per project, phase (NULL: days in none) and calendar month with actuals
-- requires: nothing
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE VIEW planning.monthly_cost AS
SELECT
    act.project_id,
    pha.id AS phase_id,
    date_trunc('month', act.actual_date::timestamp)::date AS month_start,
    sum(act.actual_cost) AS total_cost,
    sum(act.capital_amount) AS capital_cost,
    sum(act.expense_amount) AS expense_cost,
    sum(act.actual_cost) FILTER (WHERE act.external_worker_id IS NOT NULL) AS labor_cost,
    count(*) AS actuals_count
FROM planning.actuals AS act
-- phases of one project share no day
LEFT JOIN planning.project_phases AS pha
    ON act.project_id = pha.project_id AND act.actual_date >= pha.start_date AND act.actual_date <= pha.end_date
GROUP BY act.project_id, pha.id, date_trunc('month', act.actual_date::timestamp)::date;

COMMENT ON VIEW planning.monthly_cost IS
'All actuals, of days outside the project too, also of days to come; a month without any has no row.';
COMMENT ON COLUMN planning.monthly_cost.phase_id IS 'Phase that the days are in; NULL: in none.';
COMMENT ON COLUMN planning.monthly_cost.labor_cost IS 'Part of the total that is work of people; NULL: none.';

GRANT SELECT ON planning.monthly_cost TO tidemark_operator;
