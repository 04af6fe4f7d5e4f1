-- refresh_internal.regenerate()
-- Writes all generated functions anew, so that they fit the engine that stands now.
-- requires: refresh_internal.apply_sources(), refresh_internal.create_marks(), refresh_internal.create_lock(), refresh_internal.build_capture()
-- requires: refresh_internal.details_of(), refresh_internal.note_stamp(), refresh_internal.catalog_stamp_of(), refresh_internal.relation_named()
-- requires: refresh_internal.lock_keys(), refresh_internal.lock_values(), refresh_internal.note_seen()
-- requires: refresh_internal.complain_twice(), refresh.now(), refresh.as_of_date()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.regenerate()
RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_source_name text;
    v_count integer := 0;
BEGIN
    FOR v_view IN SELECT sv.* FROM refresh.stored_views AS sv ORDER BY sv.view_id LOOP
        PERFORM refresh_internal.create_marks(v_view);
        PERFORM refresh_internal.create_lock(v_view.view_id);
        PERFORM refresh_internal.apply_sources(v_view);
        -- a fingerprint that covers more is no change of the view, if nothing of what it covered before was rewritten
        UPDATE refresh.stored_views AS sv SET details_hash = det.details_hash
        FROM refresh.view_state AS vst
        CROSS JOIN LATERAL refresh_internal.relation_named(v_view.live_name) AS live
        CROSS JOIN LATERAL refresh_internal.details_of(live.relation_id::regclass) AS det
        WHERE sv.view_id = v_view.view_id AND vst.view_id = v_view.view_id AND sv.details_hash IS DISTINCT FROM det.details_hash
            AND vst.catalog_stamp = refresh_internal.catalog_stamp_of(vst.watched_objects);
        IF FOUND THEN
            PERFORM refresh_internal.note_stamp(v_view.view_id);
        END IF;
        IF to_regproc(format('refresh_data.live_%s', v_view.view_id)) IS NOT NULL THEN
            EXECUTE format('ALTER FUNCTION refresh_data.live_%s() ROWS 1', v_view.view_id);  -- see refresh_internal.point_as_of()
        END IF;
        INSERT INTO refresh.retired_storage (relation_name)
        SELECT old.name FROM (VALUES (format('refresh_data.marks_%s', v_view.view_id))) AS old (name)
        WHERE to_regclass(old.name) IS NOT NULL
        ON CONFLICT DO NOTHING;
        v_count := v_count + 1;
    END LOOP;
    FOR v_source_name IN SELECT src.source_name FROM refresh.captured_sources AS src ORDER BY src.source_id LOOP
        PERFORM refresh_internal.build_capture(v_source_name);
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION refresh_internal.regenerate IS
'Number of stored views looked at, those that no file declares included. Does nothing where the text is the same.';

REVOKE ALL ON FUNCTION refresh_internal.regenerate FROM PUBLIC;

SELECT refresh_internal.regenerate();
