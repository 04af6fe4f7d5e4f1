-- planning.update_assignment()
-- Changes the day or the percentages of an assignment.
-- requires: planning.require_right(), planning.require_version(), planning.lock_workers(), planning.require_assignable(), audit.record()
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.update_assignment(
    p_user_id uuid, p_assignment_id uuid, p_assignment_date date DEFAULT NULL,
    p_capital_percentage numeric DEFAULT NULL, p_expense_percentage numeric DEFAULT NULL, p_version integer DEFAULT NULL
)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.resource_assignments;
    v_after planning.resource_assignments;
BEGIN
    SELECT asg.* INTO v_before FROM planning.resource_assignments AS asg WHERE asg.id = p_assignment_id;
    PERFORM planning.require_right(p_user_id, 'update_assignment', v_before.project_id);
    -- the person first and the row after it, as everybody does
    PERFORM planning.lock_workers(ARRAY(SELECT res.worker_id FROM planning.resources AS res WHERE res.id = v_before.resource_id));
    SELECT asg.* INTO v_before FROM planning.resource_assignments AS asg WHERE asg.id = p_assignment_id FOR UPDATE;
    PERFORM planning.require_right(p_user_id, 'update_assignment', v_before.project_id);
    PERFORM planning.require_version(v_before.version, p_version);
    PERFORM planning.require_assignable(
        v_before.resource_id, v_before.project_id, coalesce(p_assignment_date, v_before.assignment_date),
        coalesce(p_capital_percentage, v_before.capital_percentage), coalesce(p_expense_percentage, v_before.expense_percentage),
        p_assignment_id
    );
    UPDATE planning.resource_assignments AS asg
    SET
        assignment_date = coalesce(p_assignment_date, asg.assignment_date),
        capital_percentage = coalesce(p_capital_percentage, asg.capital_percentage),
        expense_percentage = coalesce(p_expense_percentage, asg.expense_percentage)
    WHERE asg.id = p_assignment_id
    RETURNING asg.* INTO v_after;
    PERFORM audit.record('planning', 'ResourceAssignment', p_assignment_id::text, 'UPDATE', p_user_id::text,
        to_jsonb(v_before), to_jsonb(v_after));
    RETURN v_after.version;
END;
$$;

COMMENT ON FUNCTION planning.update_assignment IS
'What is NULL stays. Gives the new version. Raises 40001 when p_version is not the version of the row, 42501, and 23514 with a code; the assignment does not count itself.';

REVOKE ALL ON FUNCTION planning.update_assignment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.update_assignment TO tidemark_app;
