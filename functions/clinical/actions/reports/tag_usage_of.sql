-- clinical.tag_usage_of()
-- Every tag, and how many trackers carry it.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.tag_usage
-- source:   docs/clinical.md, "Tags"

CREATE OR REPLACE FUNCTION clinical.tag_usage_of(p_actor_id integer)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    tag_id integer,
    name text,
    usage_count bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
BEGIN
    RETURN QUERY
    SELECT
        row_number() OVER (ORDER BY tag.name COLLATE "C", tag.id),
        tag.id,
        tag.name,
        use.usage_count
    FROM clinical.tag_usage AS use
    INNER JOIN clinical.tracker_tags AS tag ON use.tag_id = tag.id
    WHERE use.visibility = v_visibility
    ORDER BY tag.name COLLATE "C", tag.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('tag_usage_of', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.tag_usage_of IS
'By name, then id. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.tag_usage_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.tag_usage_of TO tidemark_app;
