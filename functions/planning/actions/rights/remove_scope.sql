-- planning.remove_scope()
-- Takes a scope from a role. Its row stays, switched off.
-- requires: planning.set_scope_active()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.remove_scope(p_actor_id uuid, p_scope_assignment_id uuid)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN planning.set_scope_active(p_actor_id, p_scope_assignment_id, FALSE);
END;
$$;

COMMENT ON FUNCTION planning.remove_scope IS
'False when there is no such row. Otherwise planning.set_scope_active() with false.';

REVOKE ALL ON FUNCTION planning.remove_scope FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.remove_scope TO tidemark_app;
