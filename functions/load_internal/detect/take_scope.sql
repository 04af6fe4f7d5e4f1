-- load_internal.take_scope()
-- Settles whose rows a file holds, and rejects the rows of others.
-- requires: load_internal.header_matches(), load_internal.undecoded_cells(), load.trimmed(), load.set_parameter(), load_internal.stage_name()
-- source:   docs/loading.md, "Registering a dataset"

CREATE OR REPLACE FUNCTION load_internal.take_scope(p_upload_id bigint)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_dataset load.datasets;
    v_given text;
    v_cell text;
    v_value text;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    SELECT dat.* INTO v_dataset FROM load.datasets AS dat WHERE dat.dataset_name = v_upload.dataset_name;
    IF v_dataset.scope_parameter IS NULL THEN
        RETURN TRUE;
    END IF;
    v_given := lower(load.trimmed(v_upload.parameters ->> v_dataset.scope_parameter) COLLATE "C");
    IF v_given <> '' THEN
        PERFORM load.set_parameter(p_upload_id, v_dataset.scope_parameter, v_given);
        RETURN TRUE;
    END IF;

    SELECT 'coalesce(' || string_agg(
        format('nullif(nullif(lower(load.trimmed(s.c%s) COLLATE "C"), ''null''), '''')', pla.n), ', ' ORDER BY pla.n
    ) || ')' INTO v_cell
    FROM load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat, unnest(mat.places) AS pla (n)
    WHERE mat.column_name = v_dataset.scope_column;
    IF v_cell IS NULL THEN
        RETURN FALSE;
    END IF;
    EXECUTE format(
        'SELECT %1$s FROM %2$s AS s WHERE s.flaw IS NULL AND %1$s IS NOT NULL '
        'AND (load_internal.undecoded_cells(s.flaw, s.flaw_value) && %3$L::integer[]) IS NOT TRUE ORDER BY s.record_no LIMIT 1',
        v_cell, load_internal.stage_name(p_upload_id),
        (
            SELECT mat.places
            FROM load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat
            WHERE mat.column_name = v_dataset.scope_column
        )
    ) INTO v_value;
    IF v_value IS NULL THEN
        RETURN FALSE;
    END IF;
    PERFORM load.set_parameter(p_upload_id, v_dataset.scope_parameter, v_value);
    -- as with records that cannot be read: one issue, and nothing else is looked at
    EXECUTE format(
        'UPDATE %2$s AS s SET flaw = %3$L, flaw_value = %1$s WHERE s.flaw IS NULL AND %1$s <> $1',
        v_cell, load_internal.stage_name(p_upload_id), v_dataset.scope_parameter || '_mismatch'
    ) USING v_value;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION load_internal.take_scope IS
'False when neither the parameter nor the file says whose rows these are.';

REVOKE ALL ON FUNCTION load_internal.take_scope FROM PUBLIC;
