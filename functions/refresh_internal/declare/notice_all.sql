-- refresh_internal.notice_all()
-- Finds stored views whose definition or partitions changed without a declaration, so that they are run at all.
-- requires: refresh_internal.catalog_stamp_of(), refresh_internal.changed_definitions()
-- requires: refresh_internal.unsound_sources()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.notice_all()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off
AS $$
DECLARE
    v_marked integer;
BEGIN
    UPDATE refresh.view_state AS vst SET whole_reason = 'definition or partitions changed'
    WHERE vst.whole_reason IS NULL
        AND (
            vst.view_id IN (SELECT other.view_id FROM refresh_internal.changed_definitions() AS other)
            OR vst.view_id IN (
                SELECT vs.view_id FROM refresh.view_sources AS vs
                INNER JOIN refresh_internal.unsound_sources() AS lost USING (source_name)
                WHERE vs.mapping_kind IN ('keys', 'all')
            )
        );
    GET DIAGNOSTICS v_marked = ROW_COUNT;
    -- a catalogue row was rewritten and means the same: the next look need not take it to pieces again
    UPDATE refresh.view_state AS vst SET catalog_stamp = now.stamp
    FROM (
        SELECT every.view_id, refresh_internal.catalog_stamp_of(every.watched_objects) AS stamp
        FROM refresh.view_state AS every
        WHERE every.whole_reason IS NULL
    ) AS now
    WHERE vst.view_id = now.view_id AND vst.whole_reason IS NULL AND vst.catalog_stamp IS DISTINCT FROM now.stamp;
    RETURN v_marked;
END;
$$;

COMMENT ON FUNCTION refresh_internal.notice_all IS
'Number of stored views marked for a whole recompute. A few catalogue look-ups per view, nothing written when nothing changed.';

REVOKE ALL ON FUNCTION refresh_internal.notice_all FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.notice_all TO tidemark_operator;
