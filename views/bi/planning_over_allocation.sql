-- bi.planning_over_allocation
-- Days on which people are planned for more than a day.
-- grain:    one row per resource and day above 100 percent
-- requires: planning.assignment_conflict_by_resource_day, planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_over_allocation WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'read_assignment') AS granted
)

SELECT
    con.resource_id,
    res.name::text AS resource_name,
    con.assignment_date AS assigned_on,
    con.total_allocation AS planned_pct,
    con.over_allocation AS excess_pct
FROM planning.assignment_conflict_by_resource_day AS con
INNER JOIN planning.resources AS res ON con.resource_id = res.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    con.resource_id,
    res.name::text AS resource_name,
    con.assignment_date AS assigned_on,
    own.total_allocation AS planned_pct,
    own.total_allocation - 100 AS excess_pct
FROM planning.assignment_conflict_by_resource_day AS con
INNER JOIN planning.resources AS res ON con.resource_id = res.id
-- a stored sum may still hold what was planned elsewhere: part of the rows is added up now, from what its reader may read
CROSS JOIN LATERAL (
    SELECT
        sum(asg.capital_percentage + asg.expense_percentage) AS total_allocation,
        bool_and(asg.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[])) AS is_readable
    FROM planning.resource_assignments AS asg
    WHERE asg.resource_id = con.resource_id AND asg.assignment_date = con.assignment_date
) AS own
WHERE NOT (SELECT reader.sees_all FROM reader) AND own.is_readable AND own.total_allocation > 100;

COMMENT ON VIEW bi.planning_over_allocation IS
'Over-allocation of people whose assignments of the day the reader may read all (permission read_assignment). Grain: one row per resource and day above 100 percent. Key: resource_id, assigned_on. Data as of: planning.assignment_conflict_by_resource_day, see bi.freshness.';
COMMENT ON COLUMN bi.planning_over_allocation.resource_id IS 'Resource.';
COMMENT ON COLUMN bi.planning_over_allocation.resource_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_over_allocation.assigned_on IS 'Day.';
COMMENT ON COLUMN bi.planning_over_allocation.planned_pct IS 'Share of the day planned over all projects, above 100.';
COMMENT ON COLUMN bi.planning_over_allocation.excess_pct IS 'What is above 100.';

GRANT SELECT ON bi.planning_over_allocation TO tidemark_bi;
