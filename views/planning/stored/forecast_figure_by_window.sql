-- planning.forecast_figure_by_window
-- Budget, actual and remaining forecast of projects and phases, kept.
-- grain:    one row per project (phase_id NULL) and per phase
-- requires: refresh.store(), refresh.affects(), planning.forecast_figure
-- source:   docs/planning.md, "Forecast"

SELECT refresh.store(
    'planning.forecast_figure_by_window',
    live => 'planning.forecast_figure',
    key => '{project_id, phase_id}',
    due => 'next_transition_date',
    target_lag => '1 minute'
);

-- a project and its phases share what is planned and booked, so both are compared
SELECT refresh.affects('planning.actuals', 'planning.forecast_figure_by_window', 'SELECT project_id FROM changed');
SELECT refresh.affects('planning.resource_assignments', 'planning.forecast_figure_by_window', 'SELECT project_id FROM changed');
SELECT refresh.affects('planning.nonlabor_plan_lines', 'planning.forecast_figure_by_window', 'SELECT project_id FROM changed');
SELECT refresh.affects('planning.nonlabor_plan_occurrences', 'planning.forecast_figure_by_window', $$
    SELECT lin.project_id
    FROM changed
    INNER JOIN nonlabor_plan_lines AS lin ON changed.plan_line_id = lin.id
$$);
SELECT refresh.affects('planning.rates', 'planning.forecast_figure_by_window', $$
    SELECT asg.project_id
    FROM changed
    INNER JOIN workers AS wrk ON changed.worker_type_id = wrk.worker_type_id
    INNER JOIN resources AS res ON wrk.id = res.worker_id
    INNER JOIN resource_assignments AS asg ON res.id = asg.resource_id
$$);
SELECT refresh.affects('planning.workers', 'planning.forecast_figure_by_window', $$
    SELECT asg.project_id
    FROM changed
    INNER JOIN resources AS res ON changed.id = res.worker_id
    INNER JOIN resource_assignments AS asg ON res.id = asg.resource_id
$$);
SELECT refresh.affects('planning.resources', 'planning.forecast_figure_by_window', $$
    SELECT asg.project_id FROM changed INNER JOIN resource_assignments AS asg ON changed.id = asg.resource_id
    UNION
    SELECT act.project_id FROM changed INNER JOIN actuals AS act ON changed.id = act.resource_id
    UNION
    SELECT lin.project_id FROM changed INNER JOIN nonlabor_plan_lines AS lin ON changed.id = lin.resource_id
$$);
SELECT refresh.affects('planning.settings', 'planning.forecast_figure_by_window', 'all');

COMMENT ON VIEW planning.forecast_figure_by_window IS
'Same columns and rows as planning.forecast_figure.';

GRANT SELECT ON planning.forecast_figure_by_window, planning.forecast_figure_by_window_as_of TO tidemark_operator;
