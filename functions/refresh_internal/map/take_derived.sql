-- refresh_internal.take_derived()
-- Takes over the mappings that the runner derived from the definition of a live view.
-- requires: refresh_internal.registered(), refresh_internal.qualified_name(), refresh_internal.apply_sources()
-- requires: refresh_internal.load_at_once()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.take_derived(p_view text, p_mappings jsonb)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(p_view);
    v_changed text;
BEGIN
    DELETE FROM refresh_internal.derived_mappings AS der
    WHERE der.view_name = v_view.view_name AND der.source_name NOT IN (
        SELECT refresh_internal.qualified_name(one.source) FROM jsonb_to_recordset(p_mappings) AS one (source text)
    );
    INSERT INTO refresh_internal.derived_mappings AS der (view_name, source_name, mapping, reason, definition_hash)
    SELECT v_view.view_name, refresh_internal.qualified_name(one.source), one.mapping, one.reason, v_view.definition_hash
    FROM jsonb_to_recordset(p_mappings) AS one (source text, mapping text, reason text)
    WHERE one.mapping IS NOT NULL
    ON CONFLICT (view_name, source_name) DO UPDATE SET
        mapping = excluded.mapping, reason = excluded.reason, definition_hash = excluded.definition_hash
    WHERE (der.mapping, der.reason, der.definition_hash)
        IS DISTINCT FROM (excluded.mapping, excluded.reason, excluded.definition_hash);
    v_changed := refresh_internal.apply_sources(v_view);
    PERFORM refresh_internal.load_at_once(v_view.view_name);
    RETURN v_changed;
END;
$$;

COMMENT ON FUNCTION refresh_internal.take_derived IS
'p_mappings: an array of objects with source, mapping (a query over changed, all or none) and reason; it replaces what was derived before. A mapping by refresh.affects() wins. Returns what changed in words.';

REVOKE ALL ON FUNCTION refresh_internal.take_derived FROM PUBLIC;
