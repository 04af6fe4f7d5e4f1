-- planning.require_right()
-- Ends the statement unless a user may do something to one thing.
-- requires: planning.may()
-- source:   docs/planning.md, "What a refusal tells"

CREATE OR REPLACE FUNCTION planning.require_right(
    p_user_id uuid, p_permission text, p_entity_id uuid, p_entity_type text DEFAULT 'project'
)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT planning.may(p_user_id, p_permission, p_entity_id, p_entity_type) THEN
        -- the same words for what is not there and for what is out of reach
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s has no permission %s here', p_user_id, p_permission),
            DETAIL = 'No active role of an active user grants it with a scope that opens what was asked for.',
            HINT = 'planning.access_of() shows roles and scopes of a user; planning.assign_scope() gives a role another scope.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_right IS
'Arguments as of planning.may(). Raises 42501, in the same words for an unknown thing and for one out of scope.';

REVOKE ALL ON FUNCTION planning.require_right FROM PUBLIC;
