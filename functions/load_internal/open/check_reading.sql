-- load_internal.check_reading()
-- Refuses what nobody can read a file by.
-- requires: nothing
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load_internal.check_reading(p_parameters jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_delimiter text := nullif(p_parameters ->> 'delimiter', '');
    v_decimal text := nullif(p_parameters ->> 'decimal', '');
BEGIN
    IF v_decimal NOT IN ('.', ',') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is no decimal mark', v_decimal),
            HINT = 'It is . or , as in 12.50 and 12,50.';
    END IF;
    IF length(v_delimiter) <> 1 OR v_delimiter ~ '["\r\n[:alnum:]]' OR octet_length(v_delimiter) <> 1 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" cannot separate cells', v_delimiter),
            HINT = 'It is one character, such as a comma, a semicolon, a tab or a vertical bar.';
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.check_reading IS
'Raises 22023 for a delimiter or a decimal mark that cannot be one. The encoding is the client''s to know.';

REVOKE ALL ON FUNCTION load_internal.check_reading FROM PUBLIC;
