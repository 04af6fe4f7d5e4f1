-- planning.remove_role()
-- Takes a role from a user. Its row and its scopes stay, switched off.
-- requires: planning.set_role_active(), planning.lock_rights(), planning.require_right()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.remove_role(p_actor_id uuid, p_user_id uuid, p_role_type text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user_role_id uuid;
BEGIN
    PERFORM planning.lock_rights();
    PERFORM planning.require_right(p_actor_id, 'manage_roles', NULL, 'all');
    SELECT rol.id INTO v_user_role_id
    FROM planning.user_roles AS rol
    WHERE rol.user_id = p_user_id AND rol.role_type = p_role_type;
    RETURN FOUND AND planning.set_role_active(p_actor_id, v_user_role_id, FALSE);
END;
$$;

COMMENT ON FUNCTION planning.remove_role IS
'False when the user has no row for this role. p_actor_id: who acts, with manage_roles in a role of global scope; 42501 without it.';

REVOKE ALL ON FUNCTION planning.remove_role FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.remove_role TO tidemark_app;
