-- refresh_internal.notice_all()
-- Finds stored views whose definition or partitions changed without a declaration, so that they are run at all.
-- requires: refresh_internal.rewritten_views()
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
    WITH rewritten AS MATERIALIZED (
        SELECT now.view_id, now.stamp, now.is_other FROM refresh_internal.rewritten_views() AS now
    ),

    other AS MATERIALIZED (
        SELECT rewritten.view_id FROM rewritten WHERE rewritten.is_other
        UNION
        SELECT vs.view_id FROM refresh.view_sources AS vs
        INNER JOIN refresh_internal.unsound_sources() AS lost USING (source_name)
        WHERE vs.mapping_kind IN ('keys', 'all')
    ),

    marked AS (
        UPDATE refresh.view_state AS vst SET whole_reason = 'definition or partitions changed'
        FROM other
        WHERE vst.view_id = other.view_id AND vst.whole_reason IS NULL
        RETURNING 1
    ),

    -- a catalogue row was rewritten and means the same: the next look need not take it to pieces again
    stamped AS (
        UPDATE refresh.view_state AS vst SET catalog_stamp = rewritten.stamp
        FROM rewritten
        WHERE vst.view_id = rewritten.view_id AND vst.whole_reason IS NULL
            AND NOT EXISTS (SELECT FROM other WHERE other.view_id = rewritten.view_id)
    )

    SELECT count(*) INTO v_marked FROM marked;
    RETURN v_marked;
END;
$$;

COMMENT ON FUNCTION refresh_internal.notice_all IS
'Number of stored views marked for a whole recompute. A few catalogue look-ups per view, nothing written when nothing changed.';

REVOKE ALL ON FUNCTION refresh_internal.notice_all FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.notice_all TO tidemark_operator;
