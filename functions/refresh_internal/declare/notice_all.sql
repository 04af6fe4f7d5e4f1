-- refresh_internal.notice_all()
-- Finds stored views whose definition or partitions changed without a declaration, so that they are run at all.
-- requires: refresh_internal.catalog_stamp_of(), refresh_internal.relations_of()
-- requires: refresh_internal.definition_of()
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
            (
                refresh_internal.catalog_stamp_of(vst.watched_objects) IS DISTINCT FROM vst.catalog_stamp
                AND EXISTS (
                    SELECT FROM refresh.stored_views AS sv
                    -- a live view that is gone has no definition; its own run will say so
                    WHERE sv.view_id = vst.view_id AND sv.definition_hash IS DISTINCT FROM CASE
                        WHEN to_regclass(sv.live_name) IS NOT NULL THEN (
                            SELECT def.definition_hash FROM refresh_internal.definition_of(to_regclass(sv.live_name)) AS def
                        )
                    END
                )
            )
            OR vst.view_id IN (
                SELECT vs.view_id FROM refresh.view_sources AS vs
                INNER JOIN refresh_internal.unsound_sources() AS lost USING (source_name)
                WHERE vs.mapping_kind IN ('keys', 'all')
            )
            OR vst.view_id IN (
                SELECT vs.view_id FROM refresh.view_sources AS vs
                INNER JOIN refresh.captured_sources AS src USING (source_name)
                INNER JOIN pg_class AS rel ON rel.oid = to_regclass(src.source_name)
                WHERE vs.mapping_kind IN ('keys', 'all')
                    -- CASE: the planner may not look at the family of a table that has none
                    AND CASE WHEN rel.relhassubclass OR cardinality(src.captured_relations) > 1
                        THEN refresh_internal.relations_of(src.source_name) IS DISTINCT FROM src.captured_relations END
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
