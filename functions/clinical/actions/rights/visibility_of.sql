-- clinical.visibility_of()
-- Which items a user sees: all of them, or the active ones.
-- requires: nothing
-- source:   docs/clinical.md, "Who sees what"

CREATE OR REPLACE FUNCTION clinical.visibility_of(p_actor_id integer)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN bool_or(rp.permission = 'item.read_inactive') THEN 'all' ELSE 'active' END
    FROM clinical.users AS usr
    INNER JOIN clinical.role_permissions AS rp ON usr.role = rp.role
    WHERE usr.id = p_actor_id AND usr.is_active
    HAVING bool_or(rp.permission = 'core.read');
END;

COMMENT ON FUNCTION clinical.visibility_of IS
'all or active; NULL for who may read nothing.';

REVOKE ALL ON FUNCTION clinical.visibility_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.visibility_of TO tidemark_app;
