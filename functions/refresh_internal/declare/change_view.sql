-- refresh_internal.change_view()
-- Brings a registered stored view in line with what its file says now.
-- requires: refresh_internal.create_storage(), refresh_internal.point_view(), refresh_internal.index_storage(), refresh_internal.storage_name(), refresh_internal.serve()
-- requires: refresh_internal.fill(), refresh_internal.build_refresh()
-- requires: refresh_internal.note_stamp()
-- source:   docs/refresh.md, "When a definition changes"

-- Another set of columns, another key or mode needs another storage. It is built beside: readers keep the old one until the
-- next run has filled the new one and re-points the public view. Added columns are there at once and read NULL until then.
-- Only a removed or retyped column cannot wait: the public view cannot show both, so the new storage is filled here.
CREATE OR REPLACE FUNCTION refresh_internal.change_view(p_known refresh.stored_views, p_wanted refresh.stored_views)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_new refresh.stored_views := p_wanted;
    v_is_other_shape boolean;
    v_is_lossy boolean;
    v_reason text;
BEGIN
    v_new.view_id := p_known.view_id;
    v_new.generation := p_known.generation;
    v_new.storage_name := p_known.storage_name;
    v_new.serving_name := p_known.serving_name;
    v_new.is_bypassed := p_known.is_bypassed;
    v_new.declared_in := p_known.declared_in;
    IF v_new.clock_gap IS NOT NULL AND p_known.appears IS NULL
        AND (v_new.definition_hash, v_new.live_name, v_new.key_columns, v_new.due_column)
        IS NOT DISTINCT FROM (p_known.definition_hash, p_known.live_name, p_known.key_columns, p_known.due_column) THEN
        v_new.clock_gap := p_known.clock_gap;  -- what was found about this very definition
    END IF;
    IF to_regclass(p_known.view_name) IS NULL THEN  -- dropped together with views that depended on it
        PERFORM refresh_internal.point_view(v_new, coalesce(CASE WHEN p_known.is_bypassed THEN p_wanted.live_name END, p_known.serving_name));
        v_reason := 'public view put back';
    END IF;
    IF v_new IS NOT DISTINCT FROM p_known THEN
        RETURN coalesce(v_reason, 'unchanged');
    END IF;
    v_is_other_shape := (v_new.mode, v_new.key_columns, v_new.column_names, v_new.column_types)
        IS DISTINCT FROM (p_known.mode, p_known.key_columns, p_known.column_names, p_known.column_types);
    SELECT count(*) > 0 INTO v_is_lossy
    FROM unnest(p_known.column_names, p_known.column_types) AS old (name, type)
    WHERE v_new.column_types[array_position(v_new.column_names, old.name)] IS DISTINCT FROM old.type;
    IF v_is_other_shape THEN
        v_new.generation := p_known.generation + 1;
        v_new.storage_name := refresh_internal.storage_name(v_new);
        PERFORM refresh_internal.create_storage(v_new);
        IF p_known.storage_name IS DISTINCT FROM p_known.serving_name THEN
            INSERT INTO refresh.retired_storage (relation_name) VALUES (p_known.storage_name);
        END IF;
    END IF;
    IF v_is_other_shape OR (v_new.due_column, v_new.also_by) IS DISTINCT FROM (p_known.due_column, p_known.also_by) THEN
        PERFORM refresh_internal.index_storage(v_new);
    END IF;
    v_reason := CASE
        WHEN v_is_other_shape THEN 'columns, key or mode changed'
        WHEN v_new.definition_hash <> p_known.definition_hash OR v_new.live_name <> p_known.live_name
            OR v_new.details_hash IS DISTINCT FROM p_known.details_hash THEN 'definition changed'
        WHEN v_new.due_column IS DISTINCT FROM p_known.due_column THEN 'another due column'
        WHEN v_new.appears IS DISTINCT FROM p_known.appears THEN 'another rule for rows that appear by time'
    END;
    UPDATE refresh.stored_views AS sv SET (
        live_name, mode, key_columns, key_types, due_column, due_type, target_lag, full_above, also_by, clock_use,
        column_names, column_types, generation, storage_name, definition_hash, details_hash, appears, appears_type, clock_gap
    ) = ROW(
        v_new.live_name, v_new.mode, v_new.key_columns, v_new.key_types, v_new.due_column, v_new.due_type, v_new.target_lag,
        v_new.full_above, v_new.also_by, v_new.clock_use, v_new.column_names, v_new.column_types, v_new.generation, v_new.storage_name,
        v_new.definition_hash, v_new.details_hash, v_new.appears, v_new.appears_type, v_new.clock_gap
    )
    WHERE sv.view_id = v_new.view_id;
    UPDATE refresh.view_state AS vst SET
        whole_reason = coalesce(v_reason, vst.whole_reason),
        row_count = CASE WHEN v_is_other_shape THEN 0 ELSE vst.row_count END,
        failure_count = 0,
        retry_at = NULL
    WHERE vst.view_id = v_new.view_id;
    PERFORM refresh_internal.note_stamp(v_new.view_id);
    IF v_is_lossy THEN
        PERFORM refresh_internal.build_refresh(v_new);
        PERFORM refresh_internal.fill(v_new);
        PERFORM refresh_internal.serve(v_new);
    ELSIF v_is_other_shape THEN
        PERFORM refresh_internal.point_view(v_new, CASE WHEN v_new.is_bypassed THEN v_new.live_name ELSE v_new.serving_name END);
    END IF;
    RETURN concat_ws('; ', 'changed', v_reason);
END;
$$;

COMMENT ON FUNCTION refresh_internal.change_view IS
'Returns unchanged, or what changed. Never drops a dependent view; raises 42P16 when one stands in the way of a removed column.';

REVOKE ALL ON FUNCTION refresh_internal.change_view FROM PUBLIC;
