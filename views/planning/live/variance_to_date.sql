-- planning.variance_to_date
-- How much of the work of a project differs from its plan, from its start through today.
-- grain:    one row per project
-- requires: planning.worker_day, planning.variance_kinds(), refresh.as_of_date()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE VIEW planning.variance_to_date AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    prj.id AS project_id,
    sum(kind.unplanned + kind.unworked + kind.allocation_over + kind.allocation_under + kind.cost_over + kind.cost_under)::bigint AS total_variances,
    sum(kind.exceptions)::bigint AS exceptions,
    sum(kind.unplanned)::bigint AS unplanned_work,
    sum(kind.unworked)::bigint AS unworked_assignment,
    sum(kind.allocation_over)::bigint AS allocation_over,
    sum(kind.allocation_under)::bigint AS allocation_under,
    sum(kind.cost_over)::bigint AS cost_over,
    sum(kind.cost_under)::bigint AS cost_under,
    -- a day that differs in both measures counts once
    coalesce(sum(abs(day.actual_allocation - day.forecast_allocation)) FILTER (WHERE kind.is_any), 0) AS total_allocation_variance,
    coalesce(sum(abs(day.actual_cost - day.forecast_cost)) FILTER (WHERE kind.is_any), 0) AS total_cost_variance,
    least(
        (
            SELECT min(asg.assignment_date)
            FROM planning.resource_assignments AS asg
            WHERE asg.project_id = prj.id AND asg.assignment_date > clock.as_of AND asg.assignment_date >= prj.start_date
        ),
        (
            SELECT min(act.actual_date)
            FROM planning.actuals AS act
            WHERE act.project_id = prj.id AND act.actual_date > clock.as_of AND act.actual_date >= prj.start_date
                AND act.external_worker_id IS NOT NULL
        )
    ) AS next_transition_date
FROM planning.projects AS prj
CROSS JOIN clock
LEFT JOIN (
    -- resources that are people have a worker, others have none
    SELECT wkd.project_id, wkd.work_date, wkd.is_planned, wkd.is_worked, wkd.forecast_allocation, wkd.actual_allocation, wkd.forecast_cost, wkd.actual_cost
    FROM planning.worker_day AS wkd
    INNER JOIN planning.resources AS res ON wkd.resource_id = res.id
    WHERE res.resource_type = 'LABOR'
) AS day ON prj.id = day.project_id AND day.work_date >= prj.start_date AND day.work_date <= clock.as_of
-- zeros also where a project has no day
CROSS JOIN LATERAL (
    SELECT
        count(*) > 0 AS is_any,
        count(*) FILTER (WHERE one.severity = 'high') AS exceptions,
        count(*) FILTER (WHERE one.variance_type = 'unplanned_work') AS unplanned,
        count(*) FILTER (WHERE one.variance_type = 'unworked_assignment') AS unworked,
        count(*) FILTER (WHERE one.variance_type = 'allocation_over') AS allocation_over,
        count(*) FILTER (WHERE one.variance_type = 'allocation_under') AS allocation_under,
        count(*) FILTER (WHERE one.variance_type = 'cost_over') AS cost_over,
        count(*) FILTER (WHERE one.variance_type = 'cost_under') AS cost_under
    FROM planning.variance_kinds(
        day.is_planned, day.is_worked, day.forecast_allocation, day.actual_allocation, day.forecast_cost, day.actual_cost
    ) AS one
) AS kind
GROUP BY prj.id, clock.as_of;

COMMENT ON VIEW planning.variance_to_date IS
'Variance by worker-day at the thresholds that hold where none are given. Zeros for a project without a day to date.';
COMMENT ON COLUMN planning.variance_to_date.total_variances IS 'Rows that planning.variance_worker_day() would tell.';
COMMENT ON COLUMN planning.variance_to_date.exceptions IS 'Those of them of severity high.';
COMMENT ON COLUMN planning.variance_to_date.total_allocation_variance IS 'Absolute differences in percent of a day, each resource and day once.';
COMMENT ON COLUMN planning.variance_to_date.total_cost_variance IS 'Absolute differences of cost, each resource and day once.';
COMMENT ON COLUMN planning.variance_to_date.next_transition_date IS
'First day that may change the row although no table changes: the next one with an assignment or with labor booked; NULL: none.';

GRANT SELECT ON planning.variance_to_date TO tidemark_operator;
