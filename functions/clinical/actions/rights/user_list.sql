-- clinical.user_list()
-- The users, as a list to choose from.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.may()
-- source:   docs/clinical.md, "Who sees what"

CREATE OR REPLACE FUNCTION clinical.user_list(p_actor_id integer)
RETURNS TABLE (
    id integer,
    username text,
    email text,
    role text,
    department text,
    is_active boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
    v_sees_contact boolean := clinical.may(p_actor_id, 'user.read_contact');
BEGIN
    RETURN QUERY
    SELECT
        usr.id,
        usr.username,
        CASE WHEN v_sees_contact OR usr.id = p_actor_id THEN usr.email END,
        usr.role,
        usr.department,
        usr.is_active
    FROM clinical.users AS usr
    ORDER BY usr.username COLLATE "C", usr.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('user_list', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.user_list IS
'By name. email is NULL without user.read_contact, except ones own. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.user_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.user_list TO tidemark_app;
