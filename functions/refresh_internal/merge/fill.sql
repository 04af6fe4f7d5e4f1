-- refresh_internal.fill()
-- Calls the generated refresh function of one stored view.
-- requires: nothing
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh_internal.fill(
    p_view refresh.stored_views, p_whole boolean DEFAULT TRUE, p_key_limit bigint DEFAULT NULL
)
RETURNS refresh.run_outcome LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_done refresh.run_outcome;
    v_message text;
    v_detail text;
BEGIN
    EXECUTE format('SELECT * FROM refresh_data.refresh_%s($1, $2, TRUE)', p_view.view_id)
    INTO v_done.is_whole, v_done.reason, v_done.oldest_at, v_done.change_count, v_done.key_count,
        v_done.inserted_count, v_done.updated_count, v_done.deleted_count
    USING p_whole, p_key_limit;
    IF v_done.is_whole AND p_view.mode = 'keyed' AND v_done.inserted_count > 1000 THEN
        EXECUTE format('ANALYZE %s', p_view.storage_name);  -- those who read it, other stored views first, need its figures now
    END IF;
    RETURN v_done;
EXCEPTION
    WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION USING
            ERRCODE = 'cardinality_violation',
            MESSAGE = format('the live view of %s returns several rows for one key', p_view.view_name),
            DETAIL = concat_ws(' ', v_message || '.', v_detail),
            HINT = 'Correct the live view, or declare a key in refresh.store() that its rows really have.';
END;
$$;

COMMENT ON FUNCTION refresh_internal.fill IS
'p_whole: recompute everything; p_key_limit: more keys than this are recomputed as a whole. Raises 21000 when the key is not one.';

REVOKE ALL ON FUNCTION refresh_internal.fill FROM PUBLIC;
