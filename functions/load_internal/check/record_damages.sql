-- load_internal.record_damages()
-- Writes down cells that can be read and are not what they were: lost characters, keys that a spreadsheet spoilt.
-- requires: load_internal.header_matches(), load_internal.cell_source(), load_internal.stage_name()
-- requires: load_internal.undecoded_cells(), load_internal.key_warning(), load_internal.is_export()
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load_internal.record_damages(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_stage text := load_internal.stage_name(p_upload_id);
    v_any_care boolean;
    v_any_undecoded boolean;
    v_texts text;
    v_keys text;
    v_column text;
BEGIN
    -- the client marks the records that deserve a look: in most files none
    EXECUTE format(
        'SELECT count(*) > 0 AS any_care, count(load_internal.undecoded_cells(s.flaw, s.flaw_value)) > 0 AS any_undecoded '
        'FROM %s AS s WHERE s.needs_care AND s.flaw IS NULL', v_stage
    ) INTO v_any_care, v_any_undecoded;
    IF NOT v_any_care THEN
        RETURN;
    END IF;
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    SELECT
        string_agg(format(
            '(%L, %L, %L::integer[], %s)', col.column_name,
            CASE WHEN col.bad_severity = 'reject' OR col.column_name = dat.scope_column OR col.blank_reason = 'missing_key'
                THEN 'reject' ELSE 'warn' END,
            mat.places, load_internal.cell_source(col.cell_type, mat.places, load_internal.is_export(v_upload.header))
        ), ', '),
        string_agg(format(
            '(%L, %s)', col.column_name,
            load_internal.cell_source(col.cell_type, mat.places, load_internal.is_export(v_upload.header))
        ), ', ') FILTER (WHERE col.cell_type = 'id')
    INTO v_texts, v_keys
    FROM load.datasets AS dat
    INNER JOIN load.dataset_columns AS col ON dat.dataset_name = col.dataset_name
    INNER JOIN load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat ON col.column_name = mat.column_name
    WHERE dat.dataset_name = v_upload.dataset_name AND col.cell_type IN ('id', 'text', 'raw');

    IF v_any_undecoded AND v_texts IS NOT NULL THEN
        EXECUTE format(
            'INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message) '
            'SELECT $1, s.record_no, v.severity, ''bad_encoding'', v.column_name, left(v.cell, 200), $2 '
            'FROM %s AS s INNER JOIN pg_temp.checked_rows AS c ON s.record_no = c.row_no '
            'CROSS JOIN LATERAL (VALUES %s) AS v (column_name, severity, places, cell) '
            'WHERE s.needs_care AND load_internal.undecoded_cells(s.flaw, s.flaw_value) && v.places '
            'AND strpos(v.cell, $3) > 0 AND v.column_name <> ALL (coalesce(c.bad_columns, ''{}'')) ORDER BY s.record_no', v_stage, v_texts
        ) USING p_upload_id, coalesce(v_upload.reading ->> 'undecoded', 'There are bytes that are not UTF-8.'), U&'\FFFD';
        -- a key with a hole is no key: different ones would be one
        FOR v_column IN
            SELECT DISTINCT iss.column_name
            FROM load.issues AS iss
            INNER JOIN load.dataset_columns AS col ON iss.column_name = col.column_name AND col.cell_type = 'id'
            WHERE iss.upload_id = p_upload_id AND iss.reason = 'bad_encoding' AND col.dataset_name = v_upload.dataset_name
        LOOP
            EXECUTE format(
                'UPDATE pg_temp.checked_rows AS c SET %1$I = NULL, bad_columns = array_append(c.bad_columns, %1$L) '
                'FROM load.issues AS i WHERE i.upload_id = $1 AND i.row_no = c.row_no AND i.reason = ''bad_encoding'' AND i.column_name = %1$L',
                v_column
            ) USING p_upload_id;
        END LOOP;
    END IF;
    IF v_keys IS NOT NULL THEN
        EXECUTE format(
            'INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value) '
            'SELECT $1, s.record_no, ''warn'', load_internal.key_warning(v.cell), v.column_name, left(v.cell, 200) '
            'FROM %s AS s CROSS JOIN LATERAL (VALUES %s) AS v (column_name, cell) '
            'WHERE s.needs_care AND s.flaw IS NULL AND load_internal.key_warning(v.cell) IS NOT NULL ORDER BY s.record_no', v_stage, v_keys
        ) USING p_upload_id;
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.record_damages IS
'bad_encoding: rejects the row in a key column, warns elsewhere; scientific_notation and invisible_character warn. A key that lost characters is NULL in checked_rows.';

REVOKE ALL ON FUNCTION load_internal.record_damages FROM PUBLIC;
