-- planning.record_right()
-- Writes down who changed which right of whom.
-- requires: audit.record()
-- source:   docs/planning.md, "The log of changes"

CREATE OR REPLACE FUNCTION planning.record_right(p_actor_id uuid, p_user_id uuid, p_operation text, p_details jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM audit.record('planning', 'Permission', p_user_id::text, p_operation, p_actor_id::text, p_after => p_details);
END;
$$;

COMMENT ON FUNCTION planning.record_right IS
'p_operation: ROLE_ASSIGNED, ROLE_REMOVED, SCOPE_ASSIGNED or SCOPE_REMOVED; p_user_id: the user concerned.';

REVOKE ALL ON FUNCTION planning.record_right FROM PUBLIC;
