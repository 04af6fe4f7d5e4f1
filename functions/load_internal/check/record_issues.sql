-- load_internal.record_issues()
-- Writes down what the loader itself finds wrong: records that cannot be read, cells, blank keys.
-- requires: load_internal.pointed(), load_internal.is_export(), load_internal.header_matches(), load_internal.cell_source(), load_internal.cell_reason(), load_internal.stage_name()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.record_issues(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_is_export boolean;
    v_scope_column text;
    v_cells text;
    v_blank text;
    v_blank_rows text;
    v_some_are_bad boolean;
    v_some_are_blank boolean;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_is_export := load_internal.is_export(v_upload.header);
    SELECT coalesce(dat.scope_column, '') INTO v_scope_column FROM load.datasets AS dat WHERE dat.dataset_name = v_upload.dataset_name;
    EXECUTE format(
        'INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value) '
        'SELECT $1, s.record_no, ''reject'', s.flaw, CASE WHEN s.flaw LIKE ''%%\_mismatch'' THEN $2 ELSE '''' END, left(coalesce(s.flaw_value, ''''), 200) '
        'FROM %s AS s WHERE s.flaw IS NOT NULL ORDER BY s.record_no', load_internal.stage_name(p_upload_id)
    ) USING p_upload_id, v_scope_column;

    SELECT
        string_agg(
            format(
                '(%L, %L, %L, %s, %s)', col.column_name, col.bad_severity, col.cell_type, src.cell,
                load_internal.pointed(col.cell_type, src.cell, v_upload.reading ->> 'decimal')
            ), ', '
        ) FILTER (WHERE mat.places IS NOT NULL AND col.cell_type NOT IN ('text', 'raw')),
        string_agg(format('(%L, %L, c.%I IS NULL)', col.column_name, col.blank_reason, col.column_name), ', ')
            FILTER (WHERE col.blank_reason IS NOT NULL),
        string_agg(format('c.%I IS NULL', col.column_name), ' OR ') FILTER (WHERE col.blank_reason IS NOT NULL)
    INTO v_cells, v_blank, v_blank_rows
    FROM load.dataset_columns AS col
    LEFT JOIN load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat ON col.column_name = mat.column_name
    CROSS JOIN LATERAL (SELECT load_internal.cell_source(col.cell_type, mat.places, v_is_export) AS cell) AS src
    WHERE col.dataset_name = v_upload.dataset_name;

    -- one pass tells whether there is anything to write down: in most files nothing
    EXECUTE format(
        'SELECT bool_or(c.bad_columns IS NOT NULL), bool_or(%s) FROM pg_temp.checked_rows AS c', coalesce(v_blank_rows, 'FALSE')
    ) INTO v_some_are_bad, v_some_are_blank;
    IF v_some_are_bad THEN
        EXECUTE format(
            'INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value) '
            'SELECT $1, c.row_no, v.severity, load_internal.cell_reason(v.cell_type, v.pointed), v.column_name, left(v.cell, 200) '
            'FROM pg_temp.checked_rows AS c INNER JOIN %s AS s ON c.row_no = s.record_no '
            'CROSS JOIN LATERAL (VALUES %s) AS v (column_name, severity, cell_type, cell, pointed) '
            'WHERE c.bad_columns IS NOT NULL AND v.column_name = ANY (c.bad_columns) ORDER BY c.row_no',
            load_internal.stage_name(p_upload_id), v_cells
        ) USING p_upload_id;
    END IF;
    IF v_some_are_blank THEN
        EXECUTE format(
            'INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name) '
            'SELECT $1, c.row_no, ''reject'', v.reason, v.column_name '
            'FROM pg_temp.checked_rows AS c CROSS JOIN LATERAL (VALUES %s) AS v (column_name, reason, is_missing) '
            'WHERE (%s) AND v.is_missing AND v.column_name <> ALL (coalesce(c.bad_columns, ''{}'')) ORDER BY c.row_no',
            v_blank, v_blank_rows
        ) USING p_upload_id;
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.record_issues IS
'Reads the staging table and pg_temp.checked_rows, adds to load.issues.';

REVOKE ALL ON FUNCTION load_internal.record_issues FROM PUBLIC;
