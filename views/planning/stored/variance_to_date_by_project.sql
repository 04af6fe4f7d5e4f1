-- planning.variance_to_date_by_project
-- Variance of every project to date, kept.
-- grain:    one row per project
-- requires: refresh.store(), refresh.affects(), planning.variance_to_date
-- source:   docs/planning.md, "Variance"

SELECT refresh.store(
    'planning.variance_to_date_by_project',
    live => 'planning.variance_to_date',
    key => '{project_id}',
    due => 'next_transition_date',
    target_lag => '5 minutes',
    -- a row for every project whatever the clock says: the proof does not follow a LEFT JOIN that GROUP BY puts together again
    appears => 'never'
);

-- Derived, a resource would concern every project: it is joined behind the sums of plan and work. It leads to those it is planned or booked on.
SELECT refresh.affects('planning.resources', 'planning.variance_to_date_by_project', $$
    SELECT asg.project_id FROM changed INNER JOIN resource_assignments AS asg ON changed.id = asg.resource_id
    UNION
    SELECT act.project_id FROM changed INNER JOIN actuals AS act ON changed.id = act.resource_id
$$);
-- no other way: the default rate prices what has no rate, wherever
SELECT refresh.affects('planning.settings', 'planning.variance_to_date_by_project', 'all');

COMMENT ON VIEW planning.variance_to_date_by_project IS
'Same columns and rows as planning.variance_to_date.';

GRANT SELECT ON planning.variance_to_date_by_project, planning.variance_to_date_by_project_as_of TO tidemark_operator;
