-- clinical.assigned_status()
-- Where a programmer who is assigned moves the status of a tracker.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Programmers"

CREATE OR REPLACE FUNCTION clinical.assigned_status(role text, production_status text, qc_status text)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN role = 'production' AND production_status = 'not_started' THEN '{"production_status": "in_progress"}'
    WHEN role = 'qc' AND production_status = 'completed' AND qc_status = 'not_started' THEN '{"qc_status": "in_progress"}'
    ELSE '{}'
END::jsonb;

COMMENT ON FUNCTION clinical.assigned_status IS
'The status columns that change, by name; none: an empty object.';
