-- refresh.use_as_of()
-- Sets the business day for the rest of the transaction and tells what it was before.
-- requires: nothing
-- source:   docs/refresh.md, "The clock"

CREATE OR REPLACE FUNCTION refresh.use_as_of(p_as_of date)
RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off
AS $$
DECLARE
    v_before text := coalesce(current_setting('tidemark.as_of', TRUE), '');
BEGIN
    IF p_as_of IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'null_value_not_allowed',
            MESSAGE = 'the day to report on is missing',
            DETAIL = 'as_of is NULL.',
            HINT = 'Give a date, or leave the argument out to use the current business day.';
    END IF;
    IF p_as_of NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s is not a day to report on', p_as_of),
            DETAIL = 'as_of must lie between 0001-01-01 and 9999-12-31.',
            HINT = 'Give a finite date in that range.';
    END IF;
    PERFORM set_config('tidemark.as_of', to_char(p_as_of, 'YYYY-MM-DD'), TRUE);
    RETURN v_before;
END;
$$;

COMMENT ON FUNCTION refresh.use_as_of IS
'Validates a day, makes refresh.as_of_date() return it and gives back the setting it replaced, for the caller to restore with set_config(''tidemark.as_of'', …, true); an error restores it by itself. Raises 22004 for NULL, 22023 outside years 1 to 9999.';
