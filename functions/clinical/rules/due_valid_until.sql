-- clinical.due_valid_until()
-- The first day after as_of on which the due state of a tracker is another one, if nothing is written.
-- requires: nothing
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.due_valid_until(production_status text, due_date date, as_of date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN production_status = 'completed' OR due_date IS NULL OR due_date < as_of THEN 'infinity'::date
    WHEN due_date - 7 <= as_of THEN due_date + 1
    ELSE due_date - 7
END;

COMMENT ON FUNCTION clinical.due_valid_until IS
'infinity: never. A state told for as_of holds from as_of to the day before.';
