-- planning.create_import_batch()
-- Makes the batch that the rows of an accepted file belong to.
-- requires: audit.record(), planning.uuid_of_text(), load.trimmed(), load.set_parameter()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.create_import_batch(p_upload_id bigint, p_source_type text)
RETURNS uuid LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_batch planning.actual_import_batches;
BEGIN
    INSERT INTO planning.actual_import_batches (source_type, actuals_through_date, file_name, imported_by_user_id, record_count)
    SELECT
        p_source_type,
        (upl.parameters ->> 'actuals_through_date')::date,
        right(upl.file_name, 255),
        planning.uuid_of_text(load.trimmed(upl.parameters ->> 'user')),
        (SELECT count(*) FROM pg_temp.import_rows)
    FROM load.uploads AS upl
    WHERE upl.upload_id = p_upload_id
    RETURNING * INTO v_batch;
    PERFORM load.set_parameter(p_upload_id, 'batch', v_batch.id::text);
    PERFORM audit.record('planning', 'ActualImportBatch', v_batch.id::text, 'CREATE', v_batch.imported_by_user_id::text,
        p_after => to_jsonb(v_batch), p_batch => v_batch.id::text);
    RETURN v_batch.id;
END;
$$;

COMMENT ON FUNCTION planning.create_import_batch IS
'Gives its id, which the upload has as parameter batch. p_source_type: labor or non_labor.';

REVOKE ALL ON FUNCTION planning.create_import_batch FROM PUBLIC;
