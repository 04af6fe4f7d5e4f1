-- load_internal.cell_value()
-- SQL text: the value of a column, from its cell and the signs that the row is plain.
-- requires: load_internal.text_cell(), load_internal.id_cell(), load_internal.money_cell(), load_internal.number_cell(), load_internal.integer_cell()
-- requires: load_internal.boolean_cell(), load_internal.timestamp_cell(), load_internal.plain_text(), load_internal.is_blank()
-- source:   docs/loading.md, "Cells"

-- A plain spelling is cast directly; every other one goes through the functions that cannot fail. Both give the same
-- value; the first is several times faster, and almost all cells of almost all files are plain.
CREATE OR REPLACE FUNCTION load_internal.cell_value(cell_type text, cell text, blank_value text)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_type text := CASE cell_type
        WHEN 'money' THEN 'numeric' WHEN 'number' THEN 'numeric' WHEN 'int' THEN 'integer'
        WHEN 'bool' THEN 'boolean' WHEN 'ts' THEN 'timestamptz' ELSE 'text'
    END;
    v_form text := CASE cell_type
        -- a cell longer than NULL needs no look at the words that mean blank
        WHEN 'text' THEN 'CASE WHEN r.needs_care THEN load_internal.text_cell(%1$s) WHEN octet_length(%1$s) > 4 THEN %1$s '
            'WHEN %1$s IN ('''', ''NULL'', ''null'') THEN NULL ELSE %1$s END'
        WHEN 'id' THEN 'CASE WHEN r.needs_care OR octet_length(%1$s) > 255 THEN load_internal.id_cell(%1$s) '
            'WHEN octet_length(%1$s) > 4 THEN %1$s WHEN %1$s IN ('''', ''NULL'', ''null'') THEN NULL ELSE %1$s END'
        WHEN 'raw' THEN 'CASE WHEN r.needs_care THEN nullif(load_internal.plain_text(%1$s), '''') ELSE nullif(%1$s, '''') END'
        WHEN 'money' THEN 'CASE WHEN r.has_plain_numbers THEN nullif(%1$s, '''')::numeric ELSE load_internal.money_cell(%1$s) END'
        WHEN 'number' THEN 'CASE WHEN r.has_plain_numbers THEN nullif(%1$s, '''')::numeric ELSE load_internal.number_cell(%1$s) END'
        WHEN 'int' THEN 'CASE WHEN r.has_plain_numbers THEN nullif(%1$s, '''')::integer ELSE load_internal.integer_cell(%1$s) END'
        WHEN 'bool' THEN 'CASE %1$s WHEN ''true'' THEN TRUE WHEN ''false'' THEN FALSE ELSE load_internal.boolean_cell(%1$s) END'
        WHEN 'ts' THEN 'CASE WHEN r.has_plain_times THEN nullif(%1$s, '''')::timestamptz ELSE load_internal.timestamp_cell(%1$s) END'
    END;
    v_value text := format(v_form, cell);
BEGIN
    IF cell = 'NULL::text' THEN
        v_value := format('NULL::%s', v_type);
    END IF;
    IF blank_value IS NOT NULL THEN
        v_value := format('coalesce(%s, CASE WHEN load_internal.is_blank(%L, %s) THEN %L::%s END)', v_value, cell_type, cell, blank_value, v_type);
    END IF;
    RETURN v_value || CASE WHEN v_type = 'text' THEN ' COLLATE "C"' ELSE '' END;
END;
$$;

COMMENT ON FUNCTION load_internal.cell_value IS
'cell: SQL text of the cell. blank_value: what a blank cell is read as; NULL: NULL.';

REVOKE ALL ON FUNCTION load_internal.cell_value FROM PUBLIC;
