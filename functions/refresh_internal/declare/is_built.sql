-- refresh_internal.is_built()
-- Tells whether a declared view has what a run needs.
-- requires: nothing
-- source:   docs/refresh.md, "Declaring a stored view"

CREATE OR REPLACE FUNCTION refresh_internal.is_built(p_view_id integer)
RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN to_regproc(format('refresh_data.refresh_%s', p_view_id)) IS NOT NULL;

COMMENT ON FUNCTION refresh_internal.is_built IS
'False from refresh.store() until the end of its transaction, or until the first run if that comes before.';

REVOKE ALL ON FUNCTION refresh_internal.is_built FROM PUBLIC;
