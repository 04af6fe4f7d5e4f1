-- clinical.due_state()
-- Says where one tracker stands on one day; only the due date may be NULL.
-- requires: nothing
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.due_state(production_status text, due_date date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN production_status = 'completed' THEN 'done'
    WHEN due_date IS NULL THEN 'none'
    WHEN due_date < as_of THEN 'overdue'
    WHEN due_date - 7 <= as_of THEN 'due_soon'
    ELSE 'scheduled'
END;

COMMENT ON FUNCTION clinical.due_state IS
'The due day itself and the seven days before it are due_soon. Every production that is not completed can be overdue; QC plays no part.';
