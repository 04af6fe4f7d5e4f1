-- planning.rate_at()
-- The rate of a worker type on one day, and when it changes.
-- requires: planning.is_rate_on()
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.rate_at(p_worker_type_id uuid, p_on date)
RETURNS TABLE (rate_id uuid, rate_amount numeric, next_change_on date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        rat.id, rat.rate_amount,
        least(
            rat.end_date + 1,
            (SELECT min(nex.start_date) FROM planning.rates AS nex WHERE nex.worker_type_id = p_worker_type_id AND nex.start_date > p_on)
        )
    FROM (SELECT p_on AS day) AS giv
    LEFT JOIN planning.rates AS rat
        ON rat.worker_type_id = p_worker_type_id AND planning.is_rate_on(rat.start_date, rat.end_date, giv.day);
END;

COMMENT ON FUNCTION planning.rate_at IS
'One row. First and last day of a rate count; without one id and amount are NULL. next_change_on: the next day on which another answer is given by time alone, NULL: never.';

REVOKE ALL ON FUNCTION planning.rate_at FROM PUBLIC;
