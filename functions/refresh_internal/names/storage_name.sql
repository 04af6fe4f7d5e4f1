-- refresh_internal.storage_name()
-- Names the storage of a stored view so that a DBA recognises it.
-- requires: nothing
-- source:   docs/refresh.md, "Where the rows are"

CREATE OR REPLACE FUNCTION refresh_internal.storage_name(p_view refresh.stored_views)
RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT format(
        'refresh_data.%I',
        -- 40 characters of up to three bytes would not fit; names of this house are ASCII
        concat_ws('_', left(array_to_string(parse_ident(p_view.view_name), '_'), 40), p_view.view_id, p_view.generation)
    );
END;

COMMENT ON FUNCTION refresh_internal.storage_name IS
'refresh_data.<schema>_<view>_<id>_<generation>; a changed set of columns or key starts a new generation.';

REVOKE ALL ON FUNCTION refresh_internal.storage_name FROM PUBLIC;
