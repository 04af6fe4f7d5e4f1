-- planning.over_allocation()
-- Days of a window on which people are planned for more than a day, for a user who may read all that they are planned for.
-- requires: planning.assignment_conflict_by_resource_day, planning.require_permission(), planning.require_window(), planning.reach_of()
-- source:   docs/planning_writes.md, "Days over 100 percent"

CREATE OR REPLACE FUNCTION planning.over_allocation(p_user_id uuid, p_from date, p_to date)
RETURNS TABLE (resource_id uuid, assignment_date date, total_allocation numeric, over_allocation numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reach record;
BEGIN
    PERFORM planning.require_permission(p_user_id, 'read_assignment');
    PERFORM planning.require_window(p_from, p_to);
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_assignment') AS reach;
    RETURN QUERY
    SELECT con.resource_id, con.assignment_date, con.total_allocation, con.over_allocation
    FROM planning.assignment_conflict_by_resource_day AS con
    WHERE con.assignment_date BETWEEN p_from AND p_to AND v_reach.sees_all
    UNION ALL
    SELECT con.resource_id, con.assignment_date, own.total_allocation, own.total_allocation - 100
    FROM planning.assignment_conflict_by_resource_day AS con
    -- a stored sum may still hold what was planned elsewhere: part of the rows is added up now, from what the user may read
    CROSS JOIN LATERAL (
        SELECT
            sum(asg.capital_percentage + asg.expense_percentage) AS total_allocation,
            bool_and(prj.program_id = ANY(v_reach.program_ids) OR prj.id = ANY(v_reach.project_ids)) AS is_readable
        FROM planning.resource_assignments AS asg
        INNER JOIN planning.projects AS prj ON asg.project_id = prj.id
        WHERE asg.resource_id = con.resource_id AND asg.assignment_date = con.assignment_date
    ) AS own
    WHERE con.assignment_date BETWEEN p_from AND p_to AND NOT v_reach.sees_all AND own.is_readable AND own.total_allocation > 100
    ORDER BY assignment_date, resource_id;
END;
$$;

COMMENT ON FUNCTION planning.over_allocation IS
'Both days belong to the window. Over all projects; a day on which somebody is also planned for a project out of reach is left out. Raises 42501 without the permission read_assignment, 22023 for p_from after p_to.';

REVOKE ALL ON FUNCTION planning.over_allocation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.over_allocation TO tidemark_app;
