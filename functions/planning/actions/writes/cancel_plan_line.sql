-- planning.cancel_plan_line()
-- Lets a plan line count nowhere any more. It is not deleted.
-- requires: planning.require_right(), planning.require_version(), audit.record()
-- source:   docs/planning_writes.md, "Money planned without people"

CREATE OR REPLACE FUNCTION planning.cancel_plan_line(p_user_id uuid, p_line_id uuid, p_version integer DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.nonlabor_plan_lines;
    v_after planning.nonlabor_plan_lines;
BEGIN
    SELECT lin.* INTO v_before FROM planning.nonlabor_plan_lines AS lin WHERE lin.id = p_line_id FOR UPDATE;
    PERFORM planning.require_right(p_user_id, 'update_project', v_before.project_id);
    PERFORM planning.require_version(v_before.version, p_version);
    UPDATE planning.nonlabor_plan_lines AS lin SET status = 'CANCELLED' WHERE lin.id = p_line_id RETURNING lin.* INTO v_after;
    PERFORM audit.record('planning', 'NonlaborPlanLine', p_line_id::text, 'UPDATE', p_user_id::text, to_jsonb(v_before), to_jsonb(v_after));
    RETURN v_after.version;
END;
$$;

COMMENT ON FUNCTION planning.cancel_plan_line IS
'Gives the new version. Raises 42501 for who may not and for an unknown id, 40001 when p_version is not the version of the row.';

REVOKE ALL ON FUNCTION planning.cancel_plan_line FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.cancel_plan_line TO tidemark_app;
