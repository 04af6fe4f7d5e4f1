-- bi.planning_monthly_cost
-- What was booked on projects, month by month and phase by phase.
-- grain:    one row per project, phase and month
-- requires: planning.monthly_cost_by_phase, planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_monthly_cost WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'view_reports') AS granted
)

SELECT
    cst.project_id,
    cst.phase_id,
    pha.name::text AS phase_name,
    cst.month_start AS month_on,
    prj.currency_code::text AS currency_code,
    cst.total_cost AS cost_amount,
    cst.capital_cost AS capital_amount,
    cst.expense_cost AS expense_amount,
    coalesce(cst.labor_cost, 0) AS labor_amount,
    cst.actuals_count AS actual_count
FROM planning.monthly_cost_by_phase AS cst
INNER JOIN planning.projects AS prj ON cst.project_id = prj.id
LEFT JOIN planning.project_phases AS pha ON cst.phase_id = pha.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    cst.project_id,
    cst.phase_id,
    pha.name::text AS phase_name,
    cst.month_start AS month_on,
    prj.currency_code::text AS currency_code,
    cst.total_cost AS cost_amount,
    cst.capital_cost AS capital_amount,
    cst.expense_cost AS expense_amount,
    coalesce(cst.labor_cost, 0) AS labor_amount,
    cst.actuals_count AS actual_count
FROM planning.monthly_cost_by_phase AS cst
INNER JOIN planning.projects AS prj ON cst.project_id = prj.id
LEFT JOIN planning.project_phases AS pha ON cst.phase_id = pha.id
WHERE cst.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_monthly_cost IS
'Monthly cost of projects that the reader may see reports of (permission view_reports). Grain: one row per project, phase and month with actuals. Key: project_id, phase_id, month_on. Data as of: planning.monthly_cost_by_phase, see bi.freshness.';
COMMENT ON COLUMN bi.planning_monthly_cost.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_monthly_cost.phase_id IS 'Phase that the days are in; NULL: in none.';
COMMENT ON COLUMN bi.planning_monthly_cost.phase_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_monthly_cost.month_on IS 'First day of the calendar month.';
COMMENT ON COLUMN bi.planning_monthly_cost.currency_code IS 'Currency of the amounts.';
COMMENT ON COLUMN bi.planning_monthly_cost.cost_amount IS 'Cost booked.';
COMMENT ON COLUMN bi.planning_monthly_cost.capital_amount IS 'Part of the cost that is capital.';
COMMENT ON COLUMN bi.planning_monthly_cost.expense_amount IS 'The other part.';
COMMENT ON COLUMN bi.planning_monthly_cost.labor_amount IS 'Part of the cost that is work of people.';
COMMENT ON COLUMN bi.planning_monthly_cost.actual_count IS 'Bookings.';

GRANT SELECT ON bi.planning_monthly_cost TO tidemark_bi;
