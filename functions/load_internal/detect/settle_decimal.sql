-- load_internal.settle_decimal()
-- Finds out whether the numbers of a file have a decimal comma.
-- requires: load_internal.header_matches(), load_internal.stage_name(), load.trimmed(), load.fail()
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load_internal.settle_decimal(p_upload_id bigint)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_cells text;
    v_has_comma boolean;
    v_has_point boolean;
    v_example text;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    IF nullif(v_upload.given_parameters ->> 'decimal', '') IS NOT NULL THEN
        UPDATE load.uploads AS upl SET reading = upl.reading || jsonb_build_object('decimal', upl.given_parameters ->> 'decimal')
        WHERE upl.upload_id = p_upload_id AND upl.given_parameters ->> 'decimal' = ',';
        RETURN TRUE;
    ELSIF coalesce(v_upload.reading ->> 'delimiter', ',') = ',' THEN
        RETURN TRUE;  -- where commas separate cells, numbers have points, unless somebody says otherwise
    END IF;
    SELECT string_agg(format('s.c%s', pla.n), ', ') INTO v_cells
    FROM load_internal.header_matches(v_upload.dataset_name, v_upload.header) AS mat, unnest(mat.places) AS pla (n)
    WHERE mat.cell_type IN ('int', 'money', 'number');
    IF v_cells IS NULL THEN
        RETURN TRUE;
    END IF;
    -- 12,5 and 0,125 can only be fractions; 1,250 may be a thousand, and a point beside it says so
    EXECUTE format(
        'SELECT bool_or(load.trimmed(num.cell) ~ ''^[+-]?([0-9]*,([0-9]{1,2}|[0-9]{4,})|0*,[0-9]+)$'') AS has_comma, '
        'bool_or(load.trimmed(num.cell) ~ ''^[+-]?[0-9]*[.][0-9]+$'') AS has_point, '
        'min(num.cell) FILTER (WHERE load.trimmed(num.cell) ~ ''^[+-]?[0-9]+,[0-9]+$'') AS example '
        'FROM %s AS s CROSS JOIN LATERAL unnest(ARRAY[%s]) AS num (cell) WHERE s.flaw IS NULL AND strpos(num.cell, ''.'') + strpos(num.cell, '','') > 0',
        load_internal.stage_name(p_upload_id), v_cells
    ) INTO v_has_comma, v_has_point, v_example;
    IF v_has_comma AND NOT v_has_point THEN
        UPDATE load.uploads AS upl SET reading = upl.reading || '{"decimal": ","}' WHERE upl.upload_id = p_upload_id;
    ELSIF v_has_point AND v_example IS NOT NULL THEN
        PERFORM load.fail(p_upload_id, 'unclear_decimal', NULL, format(
            'Numbers such as %s stand beside numbers with a point: say with --decimal which of them is the decimal mark.', v_example
        ));
        RETURN FALSE;
    ELSIF v_example IS NOT NULL THEN
        UPDATE load.uploads AS upl
        SET reading = upl.reading || jsonb_build_object('seen', concat_ws(' ', upl.reading ->> 'seen', format(
            'Whether %s has a decimal comma is not certain: say it with --decimal.', v_example
        )))
        WHERE upl.upload_id = p_upload_id;
    END IF;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION load_internal.settle_decimal IS
'Notes decimal "," in load.uploads.reading: as the caller says, or where something else than the comma separates cells, a number has a comma that can only be decimal, and none has a point. False, and the upload fails, where both occur.';

REVOKE ALL ON FUNCTION load_internal.settle_decimal FROM PUBLIC;
