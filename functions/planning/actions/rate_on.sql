-- planning.rate_on()
-- The daily rate of a worker type on one day.
-- requires: nothing
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.rate_on(p_worker_type_id uuid, p_on date)
RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT rat.rate_amount
    FROM planning.rates AS rat
    WHERE rat.worker_type_id = p_worker_type_id AND rat.start_date <= p_on AND (rat.end_date IS NULL OR rat.end_date >= p_on);
END;

COMMENT ON FUNCTION planning.rate_on IS
'First and last day of a rate count; NULL where there is none. Rates of a type never overlap.';

REVOKE ALL ON FUNCTION planning.rate_on FROM PUBLIC;
