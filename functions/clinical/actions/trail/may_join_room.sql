-- clinical.may_join_room()
-- Says whether a user may hear what a room is told.
-- requires: clinical.role_of()
-- source:   docs/clinical_writes.md, "What is told"

CREATE OR REPLACE FUNCTION clinical.may_join_room(room text, actor text)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(
        room ~ '^effort_[0-9]+$' AND own.role IS NOT NULL OR room = 'role_' || own.role,
        FALSE
    )
    FROM (
        SELECT CASE WHEN actor ~ '^[0-9]{1,9}$' THEN clinical.role_of(actor::integer) END AS role
    ) AS own;
END;

COMMENT ON FUNCTION clinical.may_join_room IS
'Rooms of reporting efforts are open to every active user, those of a role to users of that role. actor: the id of the user.';

REVOKE ALL ON FUNCTION clinical.may_join_room FROM PUBLIC;
