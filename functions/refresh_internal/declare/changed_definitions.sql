-- refresh_internal.changed_definitions()
-- Finds stored views whose definition is another one than that of their rows.
-- requires: refresh_internal.rewritten_views()
-- source:   docs/refresh.md, "When a definition changes"

-- SECURITY DEFINER because it is called inside a view: whoever may ask how old a view is need not read the registry.
CREATE OR REPLACE FUNCTION refresh_internal.changed_definitions()
RETURNS TABLE (view_id integer) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT other.view_id FROM refresh_internal.rewritten_views() AS other WHERE other.is_other;
END;

COMMENT ON FUNCTION refresh_internal.changed_definitions IS
'One row per stored view whose live view, or something it rests on, was replaced and means something else now.';

REVOKE ALL ON FUNCTION refresh_internal.changed_definitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.changed_definitions TO PUBLIC;
