-- clinical.role_of()
-- The role of an active user.
-- requires: nothing
-- source:   docs/clinical.md, "Who may do what"

CREATE OR REPLACE FUNCTION clinical.role_of(p_actor_id integer)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT usr.role FROM clinical.users AS usr WHERE usr.id = p_actor_id AND usr.is_active;
END;

COMMENT ON FUNCTION clinical.role_of IS
'NULL for unknown and inactive users.';

REVOKE ALL ON FUNCTION clinical.role_of FROM PUBLIC;
