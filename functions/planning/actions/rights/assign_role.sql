-- planning.assign_role()
-- Gives a user a role, or switches one that he has on or off.
-- requires: planning.lock_rights(), planning.require_right(), planning.record_right()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.assign_role(
    p_actor_id uuid, p_user_id uuid, p_role_type text, p_is_active boolean DEFAULT TRUE
)
RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_user_role_id uuid;
BEGIN
    PERFORM planning.lock_rights();
    PERFORM planning.require_right(p_actor_id, 'manage_roles', NULL, 'all');
    INSERT INTO planning.user_roles AS rol (user_id, role_type, is_active)
    VALUES (p_user_id, p_role_type, p_is_active)
    ON CONFLICT (user_id, role_type) DO UPDATE
    SET is_active = excluded.is_active, version = rol.version + 1, updated_at = clock_timestamp()
    RETURNING rol.id INTO v_user_role_id;
    PERFORM planning.record_right(
        p_actor_id, p_user_id, CASE WHEN p_is_active THEN 'ROLE_ASSIGNED' ELSE 'ROLE_REMOVED' END,
        jsonb_build_object('user_role_id', v_user_role_id, 'role_type', p_role_type, 'is_active', p_is_active)
    );
    RETURN v_user_role_id;
END;
$$;

COMMENT ON FUNCTION planning.assign_role IS
'Gives the key of the row in planning.user_roles; its scopes stay as they are. p_actor_id: who acts, with manage_roles in a role of global scope. Raises 42501 without it, 23503 for an unknown user, 23514 for an unknown role.';

REVOKE ALL ON FUNCTION planning.assign_role FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.assign_role TO tidemark_app;
