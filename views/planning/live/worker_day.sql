-- planning.worker_day
-- Plan and work of one person on one project and day, side by side.
-- grain:    one row per project, resource and day with a plan above 0 percent or labor booked
-- requires: planning.assignment_cost
-- source:   docs/planning.md, "Variance"

-- Added, not joined: so a condition on project, resource or day reaches both tables.
CREATE OR REPLACE VIEW planning.worker_day AS
SELECT
    part.project_id,
    part.resource_id,
    part.work_date,
    bool_or(part.is_plan) AS is_planned,
    NOT bool_and(part.is_plan) AS is_worked,
    sum(part.forecast_allocation) AS forecast_allocation,
    sum(part.actual_allocation) AS actual_allocation,
    sum(part.forecast_cost) AS forecast_cost,
    sum(part.actual_cost) AS actual_cost
FROM (
    SELECT
        cos.project_id,
        cos.resource_id,
        cos.assignment_date AS work_date,
        TRUE AS is_plan,
        cos.forecast_allocation,
        0 AS actual_allocation,
        cos.forecast_cost,
        0 AS actual_cost
    FROM planning.assignment_cost AS cos
    WHERE cos.forecast_allocation > 0  -- a placeholder is no plan
    UNION ALL
    SELECT
        act.project_id,
        act.resource_id,
        act.actual_date,
        FALSE,
        0,
        act.allocation_percentage,
        0,
        act.actual_cost
    FROM planning.actuals AS act
    WHERE act.external_worker_id IS NOT NULL
) AS part
GROUP BY part.project_id, part.resource_id, part.work_date;

COMMENT ON VIEW planning.worker_day IS
'Percentages of the day and costs; 0 on the side that has nothing. Assignments of 0 and 0 percent are no plan. Several bookings of a day are added.';

GRANT SELECT ON planning.worker_day TO tidemark_operator;
