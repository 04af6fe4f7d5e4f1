-- planning.set_role_active()
-- Switches a role of a user on or off.
-- requires: planning.lock_rights(), planning.require_right(), planning.record_right()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.set_role_active(p_actor_id uuid, p_user_role_id uuid, p_is_active boolean)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_role planning.user_roles;
BEGIN
    PERFORM planning.lock_rights();
    PERFORM planning.require_right(p_actor_id, 'manage_roles', NULL, 'all');
    UPDATE planning.user_roles AS rol
    SET is_active = p_is_active, version = rol.version + 1, updated_at = clock_timestamp()
    WHERE rol.id = p_user_role_id
    RETURNING rol.* INTO v_role;
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    PERFORM planning.record_right(
        p_actor_id, v_role.user_id, CASE WHEN p_is_active THEN 'ROLE_ASSIGNED' ELSE 'ROLE_REMOVED' END,
        jsonb_build_object('user_role_id', v_role.id, 'role_type', v_role.role_type, 'is_active', p_is_active)
    );
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION planning.set_role_active IS
'False when there is no such row in planning.user_roles. p_actor_id: who acts, with manage_roles in a role of global scope; 42501 without it.';

REVOKE ALL ON FUNCTION planning.set_role_active FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.set_role_active TO tidemark_app;
