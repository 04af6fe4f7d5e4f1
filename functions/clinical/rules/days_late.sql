-- clinical.days_late()
-- How many days a tracker is overdue.
-- requires: nothing
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.days_late(production_status text, due_date date, as_of date)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN production_status <> 'completed' AND due_date < as_of THEN as_of - due_date ELSE 0 END;

COMMENT ON FUNCTION clinical.days_late IS
'0 unless overdue. Grows every day, so it is never stored.';
