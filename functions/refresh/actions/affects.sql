-- refresh.affects()
-- Says how a change in one table becomes keys of one stored view.
-- requires: refresh_internal.qualified_name(), refresh_internal.refuse(), refresh_internal.apply_sources(), refresh_internal.load_at_once(), refresh_internal.limit_waits()
-- requires: refresh_internal.is_built(), refresh_internal.unsound_sources()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh.affects(source text, view text, mapping text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off SET exit_on_error = off
AS $$
DECLARE
    v_source_name text := refresh_internal.qualified_name(affects.source);
    v_view_name text := refresh_internal.qualified_name(affects.view);
    v_mapping text := regexp_replace(btrim(affects.mapping, E' \t\r\n'), E';\\s*$', '');
    v_view refresh.stored_views;
    v_timeout text := refresh_internal.limit_waits();
BEGIN
    IF to_regclass(v_source_name) IS NULL THEN
        PERFORM refresh_internal.refuse('undefined_table', format('%s does not exist', v_source_name),
            format('A mapping from it to %s was declared.', v_view_name),
            'Name a table, or a stored view, with its schema.');
    END IF;
    IF coalesce(v_mapping, '') = '' THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('the mapping from %s to %s is empty', v_source_name, v_view_name),
            'A mapping says which keys a change touches.',
            'Give a query over changed that returns key columns, or the word all or none.');
    END IF;
    INSERT INTO refresh.declared_mappings AS dec (view_name, source_name, mapping, declared_in)
    VALUES (v_view_name, v_source_name, v_mapping, pg_current_xact_id())
    ON CONFLICT (view_name, source_name) DO UPDATE SET mapping = excluded.mapping, declared_in = excluded.declared_in;
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_name = v_view_name;
    -- said again and known already: nothing to do
    IF FOUND AND (
        NOT refresh_internal.is_built(v_view.view_id)
        OR NOT EXISTS (
            SELECT FROM refresh.view_sources AS vs
            WHERE vs.view_id = v_view.view_id AND vs.source_name = v_source_name AND NOT vs.is_derived AND vs.map_reason IS NULL
                AND (vs.mapping = v_mapping OR (vs.mapping IS NULL AND vs.mapping_kind = lower(v_mapping COLLATE "C")))
        )
        OR EXISTS (SELECT FROM refresh_internal.unsound_sources(v_view.view_id))
    ) THEN
        PERFORM refresh_internal.apply_sources(v_view, TRUE, v_source_name);
        PERFORM refresh_internal.load_at_once(v_view_name);
    END IF;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
END;
$$;

COMMENT ON FUNCTION refresh.affects IS
'mapping: a query over changed (the old and new rows of the source) that returns key columns of the stored view, all of them or some; all: every key; none: changes there never matter. Not needed when the source has columns named like the key.';

REVOKE ALL ON FUNCTION refresh.affects FROM PUBLIC;
