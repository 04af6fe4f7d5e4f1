-- refresh_internal.rewritten_views()
-- Finds stored views of which a catalogue row was rewritten, and tells whether their definition is another one now.
-- requires: refresh_internal.catalog_signs(), refresh_internal.definition_of(), refresh_internal.details_of(), refresh_internal.relation_named()
-- source:   docs/refresh.md, "When a definition changes"

-- One look at the catalogues for all views; only where a row of them was rewritten is the definition taken to pieces.
CREATE OR REPLACE FUNCTION refresh_internal.rewritten_views()
RETURNS TABLE (view_id integer, stamp text, is_other boolean) LANGUAGE plpgsql STABLE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_objects oid[] := ARRAY(
        SELECT DISTINCT watched.object_id FROM refresh.view_state AS vst CROSS JOIN LATERAL unnest(vst.watched_objects) AS watched (object_id));
BEGIN
    RETURN QUERY
    WITH signs AS MATERIALIZED (
        SELECT sig.object_id, string_agg(sig.sign, ' ' ORDER BY sig.sign COLLATE "C") AS sign
        FROM refresh_internal.catalog_signs(v_objects) AS sig
        GROUP BY sig.object_id
    ),

    -- as refresh_internal.catalog_stamp_of() does for one
    now AS (
        SELECT watched.view_id, md5(string_agg(signs.sign, ' ' ORDER BY signs.sign COLLATE "C")) AS stamp
        FROM (
            SELECT DISTINCT vst.view_id, object.id AS object_id
            FROM refresh.view_state AS vst
            CROSS JOIN LATERAL unnest(vst.watched_objects) AS object (id)
        ) AS watched
        INNER JOIN signs USING (object_id)
        GROUP BY watched.view_id
    ),

    rewritten AS MATERIALIZED (
        SELECT vst.view_id, now.stamp
        FROM refresh.view_state AS vst
        LEFT JOIN now USING (view_id)
        WHERE now.stamp IS DISTINCT FROM vst.catalog_stamp
    )

    SELECT
        sv.view_id,
        rewritten.stamp,
        -- a live view that is gone has no definition; its own run will say so
        concat_ws(' ', sv.definition_hash, sv.details_hash) IS DISTINCT FROM (
            SELECT concat_ws(' ', def.definition_hash, det.details_hash)
            FROM refresh_internal.relation_named(sv.live_name) AS live
            CROSS JOIN LATERAL refresh_internal.definition_of(live.relation_id::regclass) AS def
            CROSS JOIN LATERAL refresh_internal.details_of(live.relation_id::regclass) AS det
        )
    FROM rewritten
    INNER JOIN refresh.stored_views AS sv USING (view_id);
END;
$$;

COMMENT ON FUNCTION refresh_internal.rewritten_views IS
'stamp: the sign of now; is_other: not only rewritten, but meaning something else, so that all rows must be computed anew.';

REVOKE ALL ON FUNCTION refresh_internal.rewritten_views FROM PUBLIC;
