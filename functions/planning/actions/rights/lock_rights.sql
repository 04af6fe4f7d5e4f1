-- planning.lock_rights()
-- Lets this transaction alone change rights until it ends.
-- requires: refresh.lock_for_writing()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.lock_rights()
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- before the stored view is declared there is nothing to wait for
    PERFORM refresh.lock_for_writing(sv.view_name)
    FROM refresh.stored_views AS sv
    WHERE sv.view_name = 'planning.user_access_by_role';
END;
$$;

COMMENT ON FUNCTION planning.lock_rights IS
'Waits for whoever changes rights now. Readers never wait. What is read in the next statement cannot be overtaken.';

REVOKE ALL ON FUNCTION planning.lock_rights FROM PUBLIC;
