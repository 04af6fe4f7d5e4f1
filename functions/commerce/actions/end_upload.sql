-- commerce.end_upload()
-- Writes down how the load of an upload ended.
-- requires: nothing
-- source:   docs/commerce.md, "Life of an upload"

CREATE OR REPLACE FUNCTION commerce.end_upload(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_load load.uploads;
BEGIN
    SELECT upl.* INTO STRICT v_load FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    IF v_load.load_status = 'repeated' THEN
        -- the file was loaded before: this upload never was one, and must not become the newest of its run
        DELETE FROM commerce.csv_uploads AS upl WHERE upl.load_upload_id = p_upload_id;
    ELSE
        UPDATE commerce.csv_uploads AS upl
        SET
            status = CASE v_load.load_status WHEN 'loaded' THEN 'completed' ELSE 'failed' END,
            shop_id = coalesce(upl.shop_id, v_load.parameters ->> 'shop'),
            csv_type = split_part(v_load.dataset_name, '.', 2),
            error_code = v_load.error_code,
            -- of the others the message says it all
            error_detail = CASE WHEN v_load.error_code = 'missing_columns' THEN v_load.error_detail END,
            error_message = v_load.error_message,
            total_rows = v_load.total_rows,
            processed_rows = v_load.processed_rows,
            rejected_rows = v_load.rejected_rows,
            superseded_rows = v_load.superseded_rows,
            time_window_start = (v_load.merge_result ->> 'first_order_at')::timestamptz,
            time_window_end = (v_load.merge_result ->> 'last_order_at')::timestamptz,
            updated_at = clock_timestamp()
        WHERE upl.load_upload_id = p_upload_id AND upl.status = 'processing';
    END IF;
END;
$$;

COMMENT ON FUNCTION commerce.end_upload IS
'Called by the loader in the transaction that ends an upload: completed or failed, with counters and error. An upload that repeats an earlier one is removed again; a trial run has none.';

REVOKE ALL ON FUNCTION commerce.end_upload FROM PUBLIC;
