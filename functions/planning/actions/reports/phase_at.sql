-- planning.phase_at()
-- The phase of a project on one day, and when it is another one.
-- requires: nothing
-- source:   docs/planning_writes.md, "Under way"

CREATE OR REPLACE FUNCTION planning.phase_at(p_project_id uuid, p_on date)
RETURNS TABLE (phase_id uuid, next_change_on date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        pha.id,
        least(
            pha.end_date + 1,
            (SELECT min(nex.start_date) FROM planning.project_phases AS nex WHERE nex.project_id = p_project_id AND nex.start_date > p_on)
        )
    FROM (SELECT p_on AS day) AS giv
    LEFT JOIN planning.project_phases AS pha
        ON pha.project_id = p_project_id AND giv.day BETWEEN pha.start_date AND pha.end_date;
END;

COMMENT ON FUNCTION planning.phase_at IS
'One row; phase_id NULL: the day is in none. next_change_on: the next day on which another answer is given by time alone, NULL: never.';

REVOKE ALL ON FUNCTION planning.phase_at FROM PUBLIC;
