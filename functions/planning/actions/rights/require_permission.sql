-- planning.require_permission()
-- Ends the statement unless some active role of a user grants a permission.
-- requires: planning.has_any_permission()
-- source:   docs/planning.md, "What a refusal tells"

CREATE OR REPLACE FUNCTION planning.require_permission(p_user_id uuid, p_permission text)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT planning.has_any_permission(p_user_id, ARRAY[p_permission]) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s has no permission %s here', p_user_id, p_permission),
            DETAIL = 'No active role of an active user grants it.',
            HINT = 'planning.access_of() shows roles and scopes of a user; planning.assign_role() gives another role.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_permission IS
'For lists, which then show what the scopes open, perhaps nothing. Raises 42501.';

REVOKE ALL ON FUNCTION planning.require_permission FROM PUBLIC;
