-- refresh.prefer_stored()
-- Settles once, for a report that reads several stored views, that all of them answer for its day.
-- requires: refresh_internal.is_current()
-- source:   docs/refresh.md, "Asking for another day"

CREATE OR REPLACE FUNCTION refresh.prefer_stored(VARIADIC p_views text[])
RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off
AS $$
DECLARE
    v_before text := coalesce(current_setting('tidemark.source', TRUE), '');
BEGIN
    IF v_before = '' AND (SELECT bool_and(refresh_internal.is_current(name.text)) FROM unnest(p_views) AS name (text)) THEN
        PERFORM set_config('tidemark.source', 'stored', TRUE);
    END IF;
    RETURN v_before;
END;
$$;

COMMENT ON FUNCTION refresh.prefer_stored IS
'Sets tidemark.source to stored when every given view is current, which saves asking again at each of them, and gives back the setting before, for the caller to restore with set_config().';
