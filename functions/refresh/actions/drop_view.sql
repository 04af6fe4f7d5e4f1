-- refresh.drop_view()
-- Takes a stored view out of the engine and removes everything made for it.
-- requires: refresh_internal.registered(), refresh_internal.build_capture(), refresh_internal.refuse(), refresh_internal.drop_retired(),
-- requires: refresh_internal.users_of(), refresh_internal.drop_as_of()
-- requires: refresh_internal.lock_view(), refresh_internal.build_queue(), refresh_internal.limit_waits()
-- source:   docs/refresh.md, "Removing a stored view"

CREATE OR REPLACE FUNCTION refresh.drop_view(view text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(drop_view.view);
    v_source record;
    v_users text;
    v_timeout text := refresh_internal.limit_waits();
BEGIN
    SELECT concat_ws(', ', refresh_internal.users_of(v_view.view_name), string_agg(sv.view_name, ', ')) INTO v_users
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    WHERE vs.source_view_id = v_view.view_id;
    IF v_users <> '' THEN
        PERFORM refresh_internal.refuse('dependent_objects_still_exist', format('%s is still in use', v_view.view_name),
            format('Used by %s.', v_users), 'Change or drop those first.');
    END IF;
    PERFORM refresh_internal.lock_view(v_view.view_id);
    v_view := refresh_internal.registered(drop_view.view);  -- a run that just ended may have moved it to another storage
    PERFORM refresh_internal.drop_as_of(v_view);
    EXECUTE format('DROP VIEW IF EXISTS %s', v_view.view_name);
    FOR v_source IN DELETE FROM refresh.view_sources AS vs WHERE vs.view_id = v_view.view_id RETURNING vs.* LOOP
        PERFORM refresh_internal.build_queue(v_view.view_id, v_source.source_name, v_source.queue_name);
        PERFORM refresh_internal.build_capture(v_source.source_name);
    END LOOP;
    EXECUTE format('DROP FUNCTION IF EXISTS refresh_data.refresh_%s', v_view.view_id);
    EXECUTE format('DROP TABLE refresh_data.marks_of_%s', v_view.view_id);
    EXECUTE format('DROP TABLE refresh_data.lock_of_%s', v_view.view_id);
    INSERT INTO refresh.retired_storage (relation_name)
    SELECT storage.name FROM (VALUES (v_view.storage_name), (v_view.serving_name)) AS storage (name)
    WHERE storage.name IS NOT NULL
    ON CONFLICT DO NOTHING;
    PERFORM refresh_internal.drop_retired();
    DELETE FROM refresh_internal.derived_mappings AS der WHERE der.view_name = v_view.view_name;
    DELETE FROM refresh.declared_mappings AS dec WHERE dec.view_name = v_view.view_name;
    DELETE FROM refresh.captured_sources AS src WHERE src.source_name = v_view.view_name;
    DELETE FROM refresh.key_locks AS kl WHERE kl.view_id = v_view.view_id;
    DELETE FROM refresh.view_state AS vst WHERE vst.view_id = v_view.view_id;
    DELETE FROM refresh.stored_views AS sv WHERE sv.view_id = v_view.view_id;
    UPDATE refresh.breaches AS bre SET ended_at = clock_timestamp()
    WHERE bre.view_name = v_view.view_name AND bre.ended_at IS NULL;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
END;
$$;

COMMENT ON FUNCTION refresh.drop_view IS
'Drops public view, storage, queues, capture and refresh function, never CASCADE; its lines in the run log stay. Raises 2BP01 while something uses it.';

REVOKE ALL ON FUNCTION refresh.drop_view FROM PUBLIC;
