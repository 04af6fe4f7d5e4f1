-- refresh_internal.note_stamp()
-- Remembers by what sign a stored view notices that its definition may have changed.
-- requires: refresh_internal.catalog_stamp_of(), refresh_internal.definition_of(), refresh_internal.details_of()
-- source:   docs/refresh.md, "When a definition changes"

-- The registry holds a definition that was read some statements ago. A sign that is younger would hide what somebody changed in
-- between, so the definition is read again under the snapshot of the sign.
CREATE OR REPLACE FUNCTION refresh_internal.note_stamp(p_view_id integer)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE refresh.view_state AS vst SET
        watched_objects = def.watched_objects,
        catalog_stamp = CASE
            WHEN (def.definition_hash, det.details_hash) IS NOT DISTINCT FROM (sv.definition_hash, sv.details_hash)
                THEN refresh_internal.catalog_stamp_of(def.watched_objects)
            ELSE ''
        END
    FROM refresh.stored_views AS sv
    CROSS JOIN LATERAL refresh_internal.definition_of(to_regclass(sv.live_name)) AS def
    CROSS JOIN LATERAL refresh_internal.details_of(to_regclass(sv.live_name)) AS det
    WHERE sv.view_id = p_view_id AND vst.view_id = p_view_id;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_stamp IS
'Called once the registry says what the view is now.';

REVOKE ALL ON FUNCTION refresh_internal.note_stamp FROM PUBLIC;
