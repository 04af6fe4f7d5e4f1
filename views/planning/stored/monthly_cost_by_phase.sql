-- planning.monthly_cost_by_phase
-- Monthly cost of phases, kept.
-- grain:    one row per project, phase (NULL: days in none) and calendar month with actuals
-- requires: refresh.store(), planning.monthly_cost
-- source:   docs/planning.md, "Time series and drill-down"

SELECT refresh.store(
    'planning.monthly_cost_by_phase',
    live => 'planning.monthly_cost',
    key => '{project_id, phase_id, month_start}',
    target_lag => '5 minutes'
);

COMMENT ON VIEW planning.monthly_cost_by_phase IS
'Same columns and rows as planning.monthly_cost.';

GRANT SELECT ON planning.monthly_cost_by_phase, planning.monthly_cost_by_phase_as_of TO tidemark_operator;
