-- clinical.day_of()
-- Reads a day written as YYYY-MM-DD.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Fields of a tracker"

CREATE OR REPLACE FUNCTION clinical.day_of(given text)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN given ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND given >= '0001' THEN CASE
        -- the month is asked before the day of it is made, which would raise an error
        WHEN right(given, 2)::integer <= extract(
            DAY FROM make_date(left(given, 4)::integer, substr(given, 6, 2)::integer, 1) + interval '1 month - 1 day'
        )
            THEN make_date(left(given, 4)::integer, substr(given, 6, 2)::integer, right(given, 2)::integer)
    END
END;

COMMENT ON FUNCTION clinical.day_of IS
'NULL for any other form, for days that do not exist and for the year 0000.';
