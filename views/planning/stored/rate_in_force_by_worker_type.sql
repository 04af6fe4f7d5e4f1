-- planning.rate_in_force_by_worker_type
-- Rates in force, kept. Prices are taken from planning.rates, never from here: they may not be a minute old.
-- grain:    one row per worker type
-- requires: refresh.store(), planning.rate_in_force
-- source:   docs/planning_writes.md, "Rates"

SELECT refresh.store(
    'planning.rate_in_force_by_worker_type',
    live => 'planning.rate_in_force',
    key => '{worker_type_id}',
    due => 'next_change_on',
    target_lag => '1 minute'
);

COMMENT ON VIEW planning.rate_in_force_by_worker_type IS
'Same columns and rows as planning.rate_in_force.';

GRANT SELECT ON planning.rate_in_force_by_worker_type, planning.rate_in_force_by_worker_type_as_of TO tidemark_operator;
