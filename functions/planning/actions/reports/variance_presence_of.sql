-- planning.variance_presence_of()
-- Days of one project that have work and no plan at all, or a plan and no work at all.
-- requires: nothing
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_presence_of(p_project_id uuid, p_from date, p_to date)
RETURNS TABLE (
    variance_type text,
    worker_id text,
    variance_date date,
    assignment_id uuid,
    forecast_allocation numeric,
    actual_allocation numeric,
    forecast_cost numeric,
    actual_cost numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        'unplanned_work',
        act.external_worker_id,
        act.actual_date,
        NULL::uuid,
        0.00,
        sum(act.allocation_percentage),
        0.00,
        sum(act.actual_cost)
    FROM planning.actuals AS act
    WHERE act.project_id = p_project_id AND act.actual_date BETWEEN p_from AND p_to
        AND act.external_worker_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM planning.resource_assignments AS asg
            WHERE asg.project_id = p_project_id AND asg.assignment_date = act.actual_date
        )
    GROUP BY act.external_worker_id, act.actual_date
    UNION ALL
    SELECT
        'unworked_assignment',
        'unknown',
        asg.assignment_date,
        asg.id,
        asg.capital_percentage + asg.expense_percentage,
        0.00,
        NULL::numeric,
        0.00
    FROM planning.resource_assignments AS asg
    WHERE asg.project_id = p_project_id AND asg.assignment_date BETWEEN p_from AND p_to
        AND NOT EXISTS (
            SELECT FROM planning.actuals AS act
            WHERE act.project_id = p_project_id AND act.actual_date = asg.assignment_date AND act.external_worker_id IS NOT NULL
        );
END;

COMMENT ON FUNCTION planning.variance_presence_of IS
'One row per worker and day without any assignment, and per assignment on a day without any work; placeholders are assignments. It asks for no user, so it is for the owner and his jobs; applications call planning.variance_presence().';

REVOKE ALL ON FUNCTION planning.variance_presence_of FROM PUBLIC;
