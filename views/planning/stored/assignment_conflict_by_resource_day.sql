-- planning.assignment_conflict_by_resource_day
-- Days on which a person is planned for more than a day, kept.
-- grain:    one row per resource and day above 100 percent
-- requires: refresh.store(), planning.assignment_conflict
-- source:   docs/planning_writes.md, "Days over 100 percent"

-- Of data alone: no day makes a conflict or ends one.
SELECT refresh.store(
    'planning.assignment_conflict_by_resource_day',
    live => 'planning.assignment_conflict',
    key => '{resource_id, assignment_date}',
    target_lag => '1 minute',
    also_by => '{assignment_date}'
);

COMMENT ON VIEW planning.assignment_conflict_by_resource_day IS
'Same columns and rows as planning.assignment_conflict.';

GRANT SELECT ON planning.assignment_conflict_by_resource_day, planning.assignment_conflict_by_resource_day_as_of TO tidemark_operator;
