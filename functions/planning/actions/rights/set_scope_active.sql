-- planning.set_scope_active()
-- Switches a scope of a role on or off.
-- requires: planning.lock_rights(), planning.may(), planning.require_right(), planning.record_right()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.set_scope_active(p_actor_id uuid, p_scope_assignment_id uuid, p_is_active boolean)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_scope planning.scope_assignments;
BEGIN
    PERFORM planning.lock_rights();
    SELECT sco.* INTO v_scope FROM planning.scope_assignments AS sco WHERE sco.id = p_scope_assignment_id;
    -- without a row only who may do it everywhere learns that there is none
    PERFORM planning.require_right(p_actor_id, 'manage_roles', coalesce(v_scope.program_id, v_scope.project_id),
        CASE WHEN v_scope.scope_type IN ('program', 'project') THEN v_scope.scope_type ELSE 'all' END);
    IF v_scope.id IS NULL THEN
        RETURN FALSE;
    END IF;
    UPDATE planning.scope_assignments AS sco
    SET is_active = p_is_active, version = sco.version + 1, updated_at = clock_timestamp()
    WHERE sco.id = p_scope_assignment_id
    RETURNING sco.* INTO v_scope;
    PERFORM planning.record_right(
        p_actor_id, (SELECT rol.user_id FROM planning.user_roles AS rol WHERE rol.id = v_scope.user_role_id),
        CASE WHEN p_is_active THEN 'SCOPE_ASSIGNED' ELSE 'SCOPE_REMOVED' END,
        to_jsonb(v_scope) - ARRAY['created_at', 'updated_at', 'version']
    );
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION planning.set_scope_active IS
'False when there is no such row. p_actor_id: who acts, with manage_roles in a role whose scope opens what this one does; 42501 without it.';

REVOKE ALL ON FUNCTION planning.set_scope_active FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.set_scope_active TO tidemark_app;
