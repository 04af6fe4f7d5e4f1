-- planning.delete_assignment()
-- Takes an assignment out of the plan.
-- requires: planning.require_right(), planning.require_version(), audit.record()
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.delete_assignment(p_user_id uuid, p_assignment_id uuid, p_version integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.resource_assignments;
BEGIN
    SELECT asg.* INTO v_before FROM planning.resource_assignments AS asg WHERE asg.id = p_assignment_id FOR UPDATE;
    PERFORM planning.require_right(p_user_id, 'delete_assignment', v_before.project_id);
    PERFORM planning.require_version(v_before.version, p_version);
    DELETE FROM planning.resource_assignments AS asg WHERE asg.id = p_assignment_id;
    PERFORM audit.record('planning', 'ResourceAssignment', p_assignment_id::text, 'DELETE', p_user_id::text, to_jsonb(v_before));
END;
$$;

COMMENT ON FUNCTION planning.delete_assignment IS
'Raises 42501 for who may not and for an unknown id, 40001 when p_version is not the version of the row.';

REVOKE ALL ON FUNCTION planning.delete_assignment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.delete_assignment TO tidemark_app;
