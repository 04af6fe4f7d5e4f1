-- planning.assignment_outcome()
-- Says whether one assignment could be planned now, and what is in the way first.
-- requires: planning.assignment_code()
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.assignment_outcome(
    p_resource_id uuid, p_project_id uuid, p_assignment_date date, p_capital_percentage numeric, p_expense_percentage numeric,
    p_except_id uuid DEFAULT NULL
)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT planning.assignment_code(
        res.resource_type, prj.start_date, prj.end_date, p_assignment_date, day.is_duplicate,
        p_capital_percentage, p_expense_percentage, day.percentage
    )
    FROM (SELECT p_resource_id AS resource_id, p_project_id AS project_id) AS giv
    LEFT JOIN planning.resources AS res ON giv.resource_id = res.id
    LEFT JOIN planning.projects AS prj ON giv.project_id = prj.id
    CROSS JOIN LATERAL (
        SELECT
            coalesce(bool_or(asg.project_id = p_project_id), FALSE) AS is_duplicate,
            coalesce(sum(asg.capital_percentage + asg.expense_percentage), 0) AS percentage
        FROM planning.resource_assignments AS asg
        WHERE asg.resource_id = p_resource_id AND asg.assignment_date = p_assignment_date
            AND (p_except_id IS NULL OR asg.id <> p_except_id)
    ) AS day;
END;

COMMENT ON FUNCTION planning.assignment_outcome IS
'OK or the code of the first check that fails. p_except_id: an assignment that is being changed, which does not count itself.';

REVOKE ALL ON FUNCTION planning.assignment_outcome FROM PUBLIC;
