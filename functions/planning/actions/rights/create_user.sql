-- planning.create_user()
-- Adds a user, who may do nothing yet.
-- requires: planning.lock_rights(), planning.require_right(), audit.record()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.create_user(p_actor_id uuid, p_username text, p_email text)
RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_user planning.users;
BEGIN
    PERFORM planning.lock_rights();
    PERFORM planning.require_right(p_actor_id, 'manage_users', NULL, 'all');
    INSERT INTO planning.users AS usr (username, email) VALUES (p_username, p_email) RETURNING usr.* INTO v_user;
    PERFORM audit.record('planning', 'User', v_user.id::text, 'CREATE', p_actor_id::text, p_after => to_jsonb(v_user));
    RETURN v_user.id;
END;
$$;

COMMENT ON FUNCTION planning.create_user IS
'Gives the key. p_actor_id: who acts, with manage_users in a role of global scope; 42501 without it. Raises 23505 for a name or address that is taken.';

REVOKE ALL ON FUNCTION planning.create_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.create_user TO tidemark_app;
