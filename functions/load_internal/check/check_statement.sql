-- load_internal.check_statement()
-- SQL text: the query that reads all cells of a staged file.
-- requires: load_internal.pointed(), load_internal.is_export(), load_internal.header_matches(), load_internal.cell_source(), load_internal.cell_value(), load_internal.cell_reason(), load_internal.is_plain_time()
-- requires: load_internal.stage_name()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.check_statement(p_upload_id bigint)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_numbers CONSTANT text := '^((-?[0-9]+(\.[0-9][0-9]?)?)?\x1f)*$';
    v_upload load.uploads;
    v_is_export boolean;
    v_keeps_cells boolean;
    v_cells text;
    v_values text;
    v_bad text;
    v_numbers text;
    v_times text;
    v_long text;
    v_short text;
    v_truths text;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_is_export := load_internal.is_export(v_upload.header);
    SELECT dat.keeps_cells INTO v_keeps_cells FROM load.datasets AS dat WHERE dat.dataset_name = v_upload.dataset_name;
    SELECT
        string_agg(format(', %s AS x%s', src.cell, src.column_no), '' ORDER BY src.column_no),
        string_agg(format(', %s AS %I', load_internal.cell_value(src.cell_type, src.alias, src.blank_value), src.column_name), '' ORDER BY src.column_no),
        string_agg(
            format(
                'CASE WHEN NOT r.%s AND load_internal.cell_reason(%L, %s) IS NOT NULL THEN %L END',
                CASE src.cell_type WHEN 'ts' THEN 'has_plain_times' WHEN 'id' THEN 'has_plain_words' WHEN 'bool' THEN 'has_plain_words'
                    ELSE 'has_plain_numbers' END,
                src.cell_type, src.alias, src.column_name
            ),
            ', ' ORDER BY src.column_no
        )
            FILTER (WHERE src.is_there AND src.cell_type NOT IN ('text', 'raw')),
        string_agg(src.cell, ', ' ORDER BY src.column_no) FILTER (WHERE src.is_there AND src.cell_type IN ('int', 'money', 'number')),
        string_agg(format('coalesce(%1$s = '''' OR load_internal.is_plain_time(%1$s), TRUE)', src.cell), ' AND ' ORDER BY src.column_no)
            FILTER (WHERE src.is_there AND src.cell_type = 'ts'),
        string_agg(format('octet_length(%s)', src.cell), ', ' ORDER BY src.column_no) FILTER (WHERE src.is_there AND src.cell_type = 'id'),
        -- short enough for integer, and for ten to the twelfth
        string_agg(
            format(
                CASE src.cell_type WHEN 'int' THEN 'coalesce(octet_length(%1$s) <= 9 AND strpos(%1$s, ''.'') = 0, TRUE)'
                    ELSE 'coalesce(octet_length(%1$s) <= 12, TRUE)' END, src.cell
            ), ' AND ' ORDER BY src.column_no
        ) FILTER (WHERE src.is_there AND src.cell_type IN ('int', 'money', 'number')),
        string_agg(format('coalesce(%s, '''') IN (''true'', ''false'', '''')', src.cell), ' AND ' ORDER BY src.column_no)
            FILTER (WHERE src.is_there AND src.cell_type = 'bool')
    INTO v_cells, v_values, v_bad, v_numbers, v_times, v_long, v_short, v_truths
    FROM (
        SELECT
            col.column_no,
            col.column_name,
            col.cell_type,
            col.blank_value,
            mat.places IS NOT NULL AS is_there,
            load_internal.pointed(
                col.cell_type, load_internal.cell_source(col.cell_type, mat.places, v_is_export), v_upload.reading ->> 'decimal'
            ) AS cell,
            CASE WHEN mat.places IS NULL THEN 'NULL::text' ELSE format('r.x%s', col.column_no) END AS alias
        FROM load.dataset_columns AS col
        LEFT JOIN load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat ON col.column_name = mat.column_name
        WHERE col.dataset_name = v_upload.dataset_name
    ) AS src;

    -- All numbers of a row are matched in one go, joined by U+001F: one match a cell would cost more than all else.
    -- A record with that character in a cell comes with needs_care set.
    -- OFFSET 0 keeps the signs from being computed anew for every column that asks for them
    RETURN format(
        'SELECT r.row_no, FALSE AS is_rejected, FALSE AS is_superseded, '
        'CASE WHEN r.has_plain_numbers AND r.has_plain_times AND r.has_plain_words THEN NULL '
        'ELSE nullif(array_remove(ARRAY[%s]::text[], NULL), ''{}'') END AS bad_columns%s%s '
        'FROM (SELECT s.record_no::integer AS row_no, s.needs_care, '
        'NOT s.needs_care AND %s AND concat_ws(chr(31)%s, '''') ~ %L AS has_plain_numbers, '
        'NOT s.needs_care AND %s AS has_plain_times, '
        'NOT s.needs_care AND %s AND greatest(0%s) <= 255 AS has_plain_words%s%s '
        'FROM %s AS s WHERE s.flaw IS NULL OFFSET 0) AS r',
        coalesce(v_bad, ''),
        coalesce(v_values, ''),
        CASE WHEN v_keeps_cells THEN ', r.cells' ELSE '' END,
        coalesce(v_short, 'TRUE'),
        coalesce(', ' || v_numbers, ''),
        c_numbers,
        coalesce(v_times, 'TRUE'),
        coalesce(v_truths, 'TRUE'),
        coalesce(', ' || v_long, ''),
        coalesce(v_cells, ''),
        CASE WHEN v_keeps_cells THEN format(', ARRAY[%s] AS cells', (
            SELECT string_agg(format('coalesce(s.c%s, '''')', num.n), ', ' ORDER BY num.n)
            FROM generate_series(1, cardinality(v_upload.header)) AS num (n)
        )) ELSE '' END,
        load_internal.stage_name(p_upload_id)
    );
END;
$$;

COMMENT ON FUNCTION load_internal.check_statement IS
'A query over the staging table with the columns of checked_rows: row_no, is_rejected, is_superseded, bad_columns, every column of the dataset, cells if kept.';

REVOKE ALL ON FUNCTION load_internal.check_statement FROM PUBLIC;
