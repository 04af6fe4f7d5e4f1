-- refresh_internal.drop_as_of()
-- Removes the second name of a stored view.
-- requires: refresh_internal.as_of_name()
-- source:   docs/refresh.md, "Asking for another day"

CREATE OR REPLACE FUNCTION refresh_internal.drop_as_of(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DROP VIEW IF EXISTS %s', refresh_internal.as_of_name(p_view.view_name));
    EXECUTE format('DROP FUNCTION IF EXISTS refresh_data.live_%s()', p_view.view_id);
END;
$$;

COMMENT ON FUNCTION refresh_internal.drop_as_of IS
'Drops <view>_as_of and the function behind it, never CASCADE. Does nothing when they are gone.';

REVOKE ALL ON FUNCTION refresh_internal.drop_as_of FROM PUBLIC;
