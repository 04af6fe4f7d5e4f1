-- refresh.lock_for_writing()
-- Takes the lock that writers of a stored view with target lag 0 share, before any row is locked.
-- requires: refresh_internal.registered()
-- source:   docs/refresh.md, "Inside the writer's transaction"

-- A statement locks its rows first and the view at its end. Two transactions of two statements each may so lock each other
-- out; who calls this first cannot be part of that. It writes nothing: the row version comes when something is written.
CREATE OR REPLACE FUNCTION refresh.lock_for_writing(view text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(lock_for_writing.view);
BEGIN
    IF v_view.target_lag IS DISTINCT FROM interval '0' THEN
        RETURN FALSE;
    END IF;
    PERFORM FROM refresh.key_locks AS kl WHERE kl.view_id = v_view.view_id AND kl.bucket = 0 FOR UPDATE;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh.lock_for_writing IS
'True when this transaction alone may write what the view is made of, until it ends; false for a view that is refreshed by runs, whose writers do not meet. Raises 42704 when there is no such stored view, 40001 under REPEATABLE READ when another writer was faster.';

REVOKE ALL ON FUNCTION refresh.lock_for_writing FROM PUBLIC;
