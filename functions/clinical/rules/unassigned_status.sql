-- clinical.unassigned_status()
-- Where a programmer who is taken away moves the status of a tracker.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Programmers"

CREATE OR REPLACE FUNCTION clinical.unassigned_status(role text, production_status text, qc_status text)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN role = 'production' AND production_status = 'in_progress' THEN '{"production_status": "not_started"}'
    WHEN role = 'qc' AND qc_status IN ('in_progress', 'failed') THEN '{"qc_status": "not_started"}'
    ELSE '{}'
END::jsonb;

COMMENT ON FUNCTION clinical.unassigned_status IS
'The status columns that change, by name; none: an empty object.';
