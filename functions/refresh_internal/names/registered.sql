-- refresh_internal.registered()
-- Looks a stored view up by its name.
-- requires: refresh_internal.qualified_name(), refresh_internal.refuse()
-- source:   docs/refresh.md, "Names"

CREATE OR REPLACE FUNCTION refresh_internal.registered(p_view text)
RETURNS refresh.stored_views LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
BEGIN
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_name = refresh_internal.qualified_name(p_view);
    IF NOT FOUND THEN
        PERFORM refresh_internal.refuse('undefined_object', format('%s is not a stored view', refresh_internal.qualified_name(p_view)),
            'It is not registered with the refresh engine.',
            'SELECT view_name FROM refresh.freshness lists the stored views.');
    END IF;
    RETURN v_view;
END;
$$;

COMMENT ON FUNCTION refresh_internal.registered IS
'The registry row of a stored view. Raises 42704 when there is none, 42602 for a name without schema.';

REVOKE ALL ON FUNCTION refresh_internal.registered FROM PUBLIC;
