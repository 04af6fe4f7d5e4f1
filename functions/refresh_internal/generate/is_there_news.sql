-- refresh_internal.is_there_news()
-- Writes the condition that tells whether any source of a stored view has changes that it has not taken yet.
-- requires: refresh_internal.new_rows()
-- source:   docs/refresh.md, "What a view has seen"

CREATE OR REPLACE FUNCTION refresh_internal.is_there_news(p_view refresh.stored_views, p_seen text, p_xid text, p_command text)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(string_agg(
        format('EXISTS (%s)', refresh_internal.new_rows(src.source_id, '{}', '{}', p_seen, p_xid, p_command)), ' OR ' ORDER BY src.source_id
    ), 'FALSE')
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_view.view_id AND vs.mapping_kind IN ('keys', 'all');
END;

COMMENT ON FUNCTION refresh_internal.is_there_news IS
'SQL text. p_seen, p_xid and p_command: where the statement has what refresh.view_state says under these names.';

REVOKE ALL ON FUNCTION refresh_internal.is_there_news FROM PUBLIC;
