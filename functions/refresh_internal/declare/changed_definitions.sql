-- refresh_internal.changed_definitions()
-- Finds stored views whose definition is another one than that of their rows.
-- requires: refresh_internal.catalog_signs(), refresh_internal.definition_of(), refresh_internal.details_of()
-- source:   docs/refresh.md, "When a definition changes"

-- One look at the catalogues for all views; only where a row of them was rewritten is the definition taken to pieces.
-- SECURITY DEFINER because it is called inside a view: whoever may ask how old a view is need not read the registry.
CREATE OR REPLACE FUNCTION refresh_internal.changed_definitions()
RETURNS TABLE (view_id integer) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH watched AS MATERIALIZED (
        SELECT vst.view_id, watched.object_id
        FROM refresh.view_state AS vst
        CROSS JOIN LATERAL unnest(vst.watched_objects) AS watched (object_id)
    ),

    rewritten AS MATERIALIZED (
        SELECT vst.view_id
        FROM refresh.view_state AS vst
        LEFT JOIN (
            SELECT part.view_id, md5(string_agg(part.sign, ' ' ORDER BY part.sign COLLATE "C")) AS stamp
            FROM (
                SELECT DISTINCT watched.view_id, signs.sign
                FROM watched
                INNER JOIN refresh_internal.catalog_signs(ARRAY(SELECT DISTINCT every.object_id FROM watched AS every)) AS signs USING (object_id)
            ) AS part
            GROUP BY part.view_id
        ) AS now ON vst.view_id = now.view_id
        WHERE now.stamp IS DISTINCT FROM vst.catalog_stamp
    )

    SELECT sv.view_id
    FROM rewritten
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    -- a live view that is gone has no definition; its own run will say so
    WHERE concat_ws(' ', sv.definition_hash, sv.details_hash) IS DISTINCT FROM CASE
        WHEN to_regclass(sv.live_name) IS NOT NULL THEN (
            SELECT concat_ws(' ', def.definition_hash, det.details_hash)
            FROM refresh_internal.definition_of(to_regclass(sv.live_name)) AS def
            CROSS JOIN refresh_internal.details_of(to_regclass(sv.live_name)) AS det
        )
    END;
END;

COMMENT ON FUNCTION refresh_internal.changed_definitions IS
'One row per stored view whose live view, or something it rests on, was replaced and means something else now.';

REVOKE ALL ON FUNCTION refresh_internal.changed_definitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.changed_definitions TO PUBLIC;
