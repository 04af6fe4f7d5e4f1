-- refresh_internal.as_of_name()
-- The second name of a stored view, which answers for any day.
-- requires: nothing
-- source:   docs/refresh.md, "Asking for another day"

CREATE OR REPLACE FUNCTION refresh_internal.as_of_name(view_name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN view_name LIKE '%"' THEN left(view_name, -1) || '_as_of"'
    ELSE view_name || '_as_of'
END;

COMMENT ON FUNCTION refresh_internal.as_of_name IS
'The name with _as_of behind it; inside the quotes when the name needs any.';
