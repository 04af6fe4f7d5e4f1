-- planning.actual_conflict_by_worker_day
-- Days on which a worker is booked for more than a day, kept.
-- grain:    one row per worker and day above 100 percent
-- requires: refresh.store(), planning.actual_conflict
-- source:   docs/planning_writes.md, "Days over 100 percent"

SELECT refresh.store(
    'planning.actual_conflict_by_worker_day',
    live => 'planning.actual_conflict',
    key => '{external_worker_id, actual_date}',
    target_lag => '1 minute',
    also_by => '{actual_date}'
);

COMMENT ON VIEW planning.actual_conflict_by_worker_day IS
'Same columns and rows as planning.actual_conflict.';

GRANT SELECT ON planning.actual_conflict_by_worker_day, planning.actual_conflict_by_worker_day_as_of TO tidemark_operator;
