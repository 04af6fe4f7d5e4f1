-- refresh_internal.appearing()
-- Writes the query of the keys that time alone brings.
-- requires: nothing
-- source:   docs/refresh.md, "Rows that appear by time"

CREATE OR REPLACE FUNCTION refresh_internal.appearing(p_view refresh.stored_views)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN CASE p_view.appears_type
    WHEN 'date' THEN format(
        E'(%s\n) AS appearing WHERE appearing.appears_on > ({since} AT TIME ZONE refresh.time_zone())::date AND appearing.appears_on <= refresh.as_of_date()',
        p_view.appears
    )
    WHEN 'timestamp with time zone' THEN format(
        E'(%s\n) AS appearing WHERE appearing.appears_at > {since} AND appearing.appears_at <= refresh.now()', p_view.appears
    )
END;

COMMENT ON FUNCTION refresh_internal.appearing IS
'What stands behind FROM, with {since} in the place of the instant of the last run; NULL for a view that declares no such query.';

REVOKE ALL ON FUNCTION refresh_internal.appearing FROM PUBLIC;
