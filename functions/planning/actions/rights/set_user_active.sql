-- planning.set_user_active()
-- Lets a user in, or shuts him out with all his roles.
-- requires: planning.lock_rights(), planning.require_right(), audit.record()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.set_user_active(p_actor_id uuid, p_user_id uuid, p_is_active boolean)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_was_active boolean;
BEGIN
    PERFORM planning.lock_rights();
    PERFORM planning.require_right(p_actor_id, 'manage_users', NULL, 'all');
    SELECT usr.is_active INTO v_was_active FROM planning.users AS usr WHERE usr.id = p_user_id;
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    UPDATE planning.users AS usr
    SET is_active = p_is_active, version = usr.version + 1, updated_at = clock_timestamp()
    WHERE usr.id = p_user_id;
    PERFORM audit.record(
        'planning', 'User', p_user_id::text, 'UPDATE', p_actor_id::text,
        jsonb_build_object('is_active', v_was_active), jsonb_build_object('is_active', p_is_active)
    );
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION planning.set_user_active IS
'False when there is no such user. His roles and scopes stay and count again with him. p_actor_id: who acts, with manage_users in a role of global scope; 42501 without it.';

REVOKE ALL ON FUNCTION planning.set_user_active FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.set_user_active TO tidemark_app;
