-- clinical.may()
-- Says whether a user may do something.
-- requires: nothing
-- source:   docs/clinical.md, "Who may do what"

CREATE OR REPLACE FUNCTION clinical.may(p_actor_id integer, p_permission text)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM clinical.users AS usr
        INNER JOIN clinical.role_permissions AS rp ON usr.role = rp.role
        WHERE usr.id = p_actor_id AND usr.is_active AND rp.permission = p_permission
    );
END;

COMMENT ON FUNCTION clinical.may IS
'Never NULL; false for unknown and inactive users and for unknown permissions.';

REVOKE ALL ON FUNCTION clinical.may FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.may TO tidemark_app;
