-- clinical.require_permission()
-- Ends a read unless its user may have it, and answers which items he sees.
-- requires: clinical.may(), clinical.visibility_of()
-- source:   docs/clinical.md, "Refusals"

CREATE OR REPLACE FUNCTION clinical.require_permission(p_actor_id integer, p_permission text DEFAULT 'core.read')
RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_visibility text := clinical.visibility_of(p_actor_id);
BEGIN
    IF v_visibility IS NULL OR (p_permission <> 'core.read' AND NOT clinical.may(p_actor_id, p_permission)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s has no permission %s', coalesce(p_actor_id::text, 'NULL'), p_permission),
            DETAIL = 'forbidden',
            HINT = 'clinical.user_permissions() shows what a user may do; an inactive user may do nothing.';
    END IF;
    RETURN v_visibility;
END;
$$;

COMMENT ON FUNCTION clinical.require_permission IS
'Gives all or active. Raises 42501 with the code in DETAIL. Functions that write answer the code instead.';

REVOKE ALL ON FUNCTION clinical.require_permission FROM PUBLIC;
