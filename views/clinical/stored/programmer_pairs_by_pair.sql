-- clinical.programmer_pairs_by_pair
-- How many trackers each pair of programmers shares, kept.
-- grain:    one row per visibility, production programmer and QC programmer
-- requires: refresh.store(), clinical.programmer_pairs
-- source:   docs/clinical.md, "Workload"

SELECT refresh.store(
    'clinical.programmer_pairs_by_pair',
    live => 'clinical.programmer_pairs',
    key => '{visibility, production_programmer_id, qc_programmer_id}',
    target_lag => '1 minute'
);

COMMENT ON VIEW clinical.programmer_pairs_by_pair IS
'Same columns and rows as clinical.programmer_pairs.';

GRANT SELECT ON clinical.programmer_pairs_by_pair, clinical.programmer_pairs_by_pair_as_of TO tidemark_operator;
