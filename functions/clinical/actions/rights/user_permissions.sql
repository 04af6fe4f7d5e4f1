-- clinical.user_permissions()
-- What a user may do.
-- requires: nothing
-- source:   docs/clinical.md, "Who may do what"

CREATE OR REPLACE FUNCTION clinical.user_permissions(p_user_id integer)
RETURNS TABLE (permission text) LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT rp.permission
    FROM clinical.users AS usr
    INNER JOIN clinical.role_permissions AS rp ON usr.role = rp.role
    WHERE usr.id = p_user_id AND usr.is_active;
END;

COMMENT ON FUNCTION clinical.user_permissions IS
'One row per permission of the user''s role; none for unknown and inactive users.';

REVOKE ALL ON FUNCTION clinical.user_permissions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.user_permissions TO tidemark_app;
