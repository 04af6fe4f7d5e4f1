-- bi.planning_worker_day
-- Plan and work of people by project and day.
-- grain:    one row per project, resource and day
-- requires: planning.worker_day, planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_worker_day WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'view_reports') AS granted
)

SELECT
    wkd.project_id,
    wkd.resource_id,
    wkd.work_date AS worked_on,
    wkd.is_planned,
    wkd.is_worked,
    wkd.forecast_allocation AS planned_pct,
    wkd.actual_allocation AS actual_pct,
    wkd.actual_allocation - wkd.forecast_allocation AS variance_pct,
    wkd.forecast_cost AS planned_amount,
    wkd.actual_cost AS actual_amount,
    wkd.actual_cost - wkd.forecast_cost AS variance_amount
FROM planning.worker_day AS wkd
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    wkd.project_id,
    wkd.resource_id,
    wkd.work_date AS worked_on,
    wkd.is_planned,
    wkd.is_worked,
    wkd.forecast_allocation AS planned_pct,
    wkd.actual_allocation AS actual_pct,
    wkd.actual_allocation - wkd.forecast_allocation AS variance_pct,
    wkd.forecast_cost AS planned_amount,
    wkd.actual_cost AS actual_amount,
    wkd.actual_cost - wkd.forecast_cost AS variance_amount
FROM planning.worker_day AS wkd
WHERE wkd.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_worker_day IS
'Plan against work on projects that the reader may see reports of (permission view_reports). Grain: one row per project, resource and day with one of them. Key: project_id, resource_id, worked_on. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.planning_worker_day.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_worker_day.resource_id IS 'Resource.';
COMMENT ON COLUMN bi.planning_worker_day.worked_on IS 'Day.';
COMMENT ON COLUMN bi.planning_worker_day.is_planned IS 'An assignment above 0 percent.';
COMMENT ON COLUMN bi.planning_worker_day.is_worked IS 'Labor was booked.';
COMMENT ON COLUMN bi.planning_worker_day.planned_pct IS 'Share of the day planned, 0 to 100.';
COMMENT ON COLUMN bi.planning_worker_day.actual_pct IS 'Share of the day booked, of all bookings.';
COMMENT ON COLUMN bi.planning_worker_day.variance_pct IS 'Booked minus planned, in percent of the day.';
COMMENT ON COLUMN bi.planning_worker_day.planned_amount IS 'Cost of the plan, by the rate of the day.';
COMMENT ON COLUMN bi.planning_worker_day.actual_amount IS 'Cost booked.';
COMMENT ON COLUMN bi.planning_worker_day.variance_amount IS 'Booked minus planned cost.';

GRANT SELECT ON bi.planning_worker_day TO tidemark_bi;
