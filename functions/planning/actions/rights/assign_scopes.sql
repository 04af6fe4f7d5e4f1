-- planning.assign_scopes()
-- Gives a role of a user scopes of many programs or projects: those that exist.
-- requires: planning.assign_scope()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.assign_scopes(
    p_actor_id uuid, p_user_role_id uuid, p_scope_type text, p_ids uuid[]
)
RETURNS TABLE (id uuid, scope_assignment_id uuid, code text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT
        given.id,
        made.scope_assignment_id,
        made.code
    FROM unnest(p_ids) WITH ORDINALITY AS given (id, position)
    CROSS JOIN LATERAL planning.assign_scope(
        p_actor_id, p_user_role_id, p_scope_type,
        CASE WHEN p_scope_type = 'program' THEN given.id END,
        CASE WHEN p_scope_type = 'project' THEN given.id END
    ) AS made
    ORDER BY given.position;
END;
$$;

COMMENT ON FUNCTION planning.assign_scopes IS
'One row per id given, in that order: what planning.assign_scope() says of each. An id that does not exist stops no other; one that the actor may not give raises 42501 and nothing is changed.';

REVOKE ALL ON FUNCTION planning.assign_scopes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.assign_scopes TO tidemark_app;
