-- commerce.upload_to_merge()
-- The upload that the rows of a load are written for.
-- requires: load.trimmed()
-- source:   docs/commerce.md, "Loading the files of a shop"

CREATE OR REPLACE FUNCTION commerce.upload_to_merge(
    p_upload_id bigint, OUT csv_upload_id uuid, OUT shop_id text, OUT run_id text, OUT currency text
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_load load.uploads;
BEGIN
    SELECT upl.* INTO STRICT v_load FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    csv_upload_id := (v_load.parameters ->> 'csv_upload_id')::uuid;
    shop_id := v_load.parameters ->> 'shop';
    run_id := coalesce(v_load.parameters ->> 'run', 'trial');
    currency := coalesce(upper(nullif(load.trimmed(v_load.parameters ->> 'currency'), '') COLLATE "C"), 'USD');
    IF csv_upload_id IS NULL THEN
        -- a trial run registers none; what is written here is taken back with the rows
        INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type)
        VALUES (upload_to_merge.shop_id, upload_to_merge.run_id, v_load.file_name, split_part(v_load.dataset_name, '.', 2))
        RETURNING id INTO csv_upload_id;
    END IF;
END;
$$;

COMMENT ON FUNCTION commerce.upload_to_merge IS
'Values resolved when the upload was registered; nothing is looked up again. The shop is known here, from the caller or from the file.';

REVOKE ALL ON FUNCTION commerce.upload_to_merge FROM PUBLIC;
