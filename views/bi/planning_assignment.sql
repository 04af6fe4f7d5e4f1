-- bi.planning_assignment
-- Planned work: who is planned on which project on which day.
-- grain:    one row per resource, project and day
-- requires: planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_assignment WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'read_assignment') AS granted
)

SELECT
    asg.id AS assignment_id,
    asg.project_id,
    asg.resource_id,
    res.name::text AS resource_name,
    asg.assignment_date AS assigned_on,
    asg.capital_percentage AS capital_pct,
    asg.expense_percentage AS expense_pct
FROM planning.resource_assignments AS asg
INNER JOIN planning.resources AS res ON asg.resource_id = res.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    asg.id AS assignment_id,
    asg.project_id,
    asg.resource_id,
    res.name::text AS resource_name,
    asg.assignment_date AS assigned_on,
    asg.capital_percentage AS capital_pct,
    asg.expense_percentage AS expense_pct
FROM planning.resource_assignments AS asg
INNER JOIN planning.resources AS res ON asg.resource_id = res.id
WHERE asg.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_assignment IS
'Assignments on projects that the reader may see them of (permission read_assignment). Grain: one row per resource, project and day. Key: assignment_id. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.planning_assignment.assignment_id IS 'Row in planning.resource_assignments.';
COMMENT ON COLUMN bi.planning_assignment.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_assignment.resource_id IS 'Resource.';
COMMENT ON COLUMN bi.planning_assignment.resource_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_assignment.assigned_on IS 'Day.';
COMMENT ON COLUMN bi.planning_assignment.capital_pct IS 'Share of the day booked as capital, 0 to 100.';
COMMENT ON COLUMN bi.planning_assignment.expense_pct IS 'Share of the day booked as expense, 0 to 100.';

GRANT SELECT ON bi.planning_assignment TO tidemark_bi;
