-- commerce.open_upload()
-- Registers an upload: shop, run and canonical upload are resolved once, in one statement, and kept with the load.
-- requires: load.set_parameter(), load.trimmed()
-- source:   docs/commerce.md, "Runs and canonical uploads"

CREATE OR REPLACE FUNCTION commerce.open_upload(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_load load.uploads;
    v_shop_id text;
    v_upload record;
BEGIN
    SELECT upl.* INTO STRICT v_load FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_shop_id := lower(nullif(load.trimmed(v_load.parameters ->> 'shop'), '') COLLATE "C");
    IF v_shop_id IS DISTINCT FROM v_load.parameters ->> 'shop' THEN
        PERFORM load.set_parameter(p_upload_id, 'shop', v_shop_id);
    END IF;
    IF v_load.is_dry_run THEN
        RETURN;  -- a trial leaves no upload behind
    END IF;

    WITH registered AS (
        INSERT INTO commerce.csv_uploads (
            load_upload_id, shop_id, run_id, filename, csv_type, currency, code_version, created_at, updated_at
        )
        VALUES (
            p_upload_id,
            v_shop_id,
            coalesce(nullif(load.trimmed(v_load.parameters ->> 'run'), ''), gen_random_uuid()::text),
            v_load.file_name,
            split_part(v_load.dataset_name, '.', 2),
            coalesce(upper(nullif(load.trimmed(v_load.parameters ->> 'currency'), '') COLLATE "C"), 'USD'),
            coalesce(v_load.parameters ->> 'code_version', ''),
            clock_timestamp(),
            clock_timestamp()
        )
        RETURNING id, shop_id, run_id, csv_type
    )
    SELECT
        reg.id,
        reg.run_id,
        coalesce(
            CASE WHEN reg.csv_type = 'orders' THEN reg.id END,
            (
                SELECT can.id
                FROM commerce.csv_uploads AS can
                WHERE can.shop_id = reg.shop_id AND can.run_id = reg.run_id
                    AND can.csv_type = 'orders' AND can.status <> 'failed'
                ORDER BY can.created_at DESC, can.upload_no DESC
                LIMIT 1
            ),
            reg.id
        ) AS canonical_upload_id
    INTO v_upload
    FROM registered AS reg;

    PERFORM load.set_parameter(p_upload_id, 'csv_upload_id', v_upload.id::text);
    PERFORM load.set_parameter(p_upload_id, 'run', v_upload.run_id);
    PERFORM load.set_parameter(p_upload_id, 'canonical_upload_id', v_upload.canonical_upload_id::text);
END;
$$;

COMMENT ON FUNCTION commerce.open_upload IS
'Called by the loader when a file of a shop is registered. The load carries csv_upload_id, shop, run and canonical_upload_id among its parameters from then on.';

REVOKE ALL ON FUNCTION commerce.open_upload FROM PUBLIC;
