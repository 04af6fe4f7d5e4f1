-- planning.create_assignment()
-- Plans a person for a project on a day.
-- requires: planning.require_right(), planning.require_assignable(), audit.record()
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.create_assignment(
    p_user_id uuid, p_resource_id uuid, p_project_id uuid, p_assignment_date date, p_capital_percentage numeric, p_expense_percentage numeric
)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_assignment planning.resource_assignments;
BEGIN
    PERFORM planning.require_right(p_user_id, 'create_assignment', p_project_id);
    PERFORM planning.require_assignable(
        p_resource_id, p_project_id, p_assignment_date, p_capital_percentage, p_expense_percentage, NULL
    );
    INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
    VALUES (p_resource_id, p_project_id, p_assignment_date, p_capital_percentage, p_expense_percentage)
    RETURNING * INTO v_assignment;
    PERFORM audit.record('planning', 'ResourceAssignment', v_assignment.id::text, 'CREATE', p_user_id::text,
        p_after => to_jsonb(v_assignment));
    RETURN v_assignment.id;
END;
$$;

COMMENT ON FUNCTION planning.create_assignment IS
'Gives its id. Raises 42501 for who may not, 23514 with a code for what cannot be planned.';

REVOKE ALL ON FUNCTION planning.create_assignment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.create_assignment TO tidemark_app;
