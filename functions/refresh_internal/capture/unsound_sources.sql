-- refresh_internal.unsound_sources()
-- Finds sources whose changes are not captured although a stored view follows them.
-- requires: refresh_internal.capture_state(), refresh_internal.is_rewritten(), refresh_internal.relation_named()
-- source:   docs/refresh.md, "Capture"

-- Triggers belong to relations, not to names: another table under the name of a source, or a partition that was swapped, has
-- none, and then what happens there reaches nobody. What left took rows along.
-- SECURITY DEFINER because it is called inside a view: whoever may ask how old a view is need not read the registry.
CREATE OR REPLACE FUNCTION refresh_internal.unsound_sources(p_view_id integer DEFAULT NULL)
RETURNS TABLE (source_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT src.source_name
    FROM refresh_internal.capture_state(NULL, p_view_id) AS now
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE NOT now.is_complete OR now.relations <> src.capture_state
        OR refresh_internal.is_rewritten(src, now.is_unlogged, now.files, now.columns)
    UNION
    -- a column that mappings need was renamed, retyped or dropped: writers say only that something changed
    SELECT vs.source_name
    FROM refresh.view_sources AS vs
    CROSS JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) AS col (name, type)
    LEFT JOIN LATERAL refresh_internal.relation_named(vs.source_name) AS named ON TRUE
    LEFT JOIN pg_attribute AS att
        ON att.attrelid = named.relation_id AND att.attname = col.name AND NOT att.attisdropped
    WHERE vs.view_id = coalesce(p_view_id, vs.view_id) AND vs.mapping_kind = 'keys'
        AND format_type(att.atttypid, -1) IS DISTINCT FROM split_part(col.type, ' COLLATE ', 1);
END;
$$;

COMMENT ON FUNCTION refresh_internal.unsound_sources IS
'Sources, of one stored view or of all, with a relation whose capture is missing, disabled, was so for a while, or belongs to another relation; with partitions that came or went; whose rows changed without a writer; without a column that mappings need.';

REVOKE ALL ON FUNCTION refresh_internal.unsound_sources FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.unsound_sources TO PUBLIC;
