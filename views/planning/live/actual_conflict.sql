-- planning.actual_conflict
-- Days on which a worker is booked for more than a day.
-- grain:    one row per worker and day above 100 percent
-- requires: nothing
-- source:   docs/planning_writes.md, "Days over 100 percent"

CREATE OR REPLACE VIEW planning.actual_conflict AS
SELECT
    act.external_worker_id,
    act.actual_date,
    sum(act.allocation_percentage) AS total_allocation,
    sum(act.allocation_percentage) - 100 AS excess
FROM planning.actuals AS act
WHERE act.external_worker_id IS NOT NULL
GROUP BY act.external_worker_id, act.actual_date
HAVING sum(act.allocation_percentage) > 100;

COMMENT ON VIEW planning.actual_conflict IS
'Percentages of labor actuals over all projects; ids of workers differ by case. Exactly 100 is no conflict. Of history: no import makes a new one.';

GRANT SELECT ON planning.actual_conflict TO tidemark_operator;
