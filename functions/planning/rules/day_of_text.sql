-- planning.day_of_text()
-- Reads a day as files of imports write it.
-- requires: nothing
-- source:   docs/planning_writes.md, "Cells"

CREATE OR REPLACE FUNCTION planning.day_of_text(cell text)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN cell ~ '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$' THEN CASE
        WHEN split_part(cell, '-', 1)::integer >= 1
            AND split_part(cell, '-', 2)::integer BETWEEN 1 AND 12
            AND split_part(cell, '-', 3)::integer >= 1
            THEN CASE
                -- the month is asked before the day of it is made, which would raise an error
                WHEN split_part(cell, '-', 3)::integer <= extract(
                    DAY FROM make_date(split_part(cell, '-', 1)::integer, split_part(cell, '-', 2)::integer, 1) + interval '1 month - 1 day'
                )
                    THEN make_date(
                        split_part(cell, '-', 1)::integer, split_part(cell, '-', 2)::integer, split_part(cell, '-', 3)::integer
                    )
            END
    END
END;

COMMENT ON FUNCTION planning.day_of_text IS
'Year, month and day with hyphens, zeros in front or not; NULL for anything else and for days that do not exist.';
