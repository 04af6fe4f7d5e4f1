-- planning.rate_on()
-- The daily rate of a worker type on one day.
-- requires: planning.rate_at()
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.rate_on(p_worker_type_id uuid, p_on date)
RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT rat.rate_amount FROM planning.rate_at(p_worker_type_id, p_on) AS rat;
END;

COMMENT ON FUNCTION planning.rate_on IS
'First and last day of a rate count; NULL where there is none. Rates of a type never overlap.';

REVOKE ALL ON FUNCTION planning.rate_on FROM PUBLIC;
