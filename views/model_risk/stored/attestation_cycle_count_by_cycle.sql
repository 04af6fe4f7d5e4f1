-- model_risk.attestation_cycle_count_by_cycle
-- Attestation records per cycle, counted and kept.
-- grain:    one row per attestation cycle
-- requires: refresh.store(), refresh.affects(), model_risk.attestation_cycle_count
-- source:   docs/model_risk.md, "Attestation cycles"

SELECT refresh.store(
    'model_risk.attestation_cycle_count_by_cycle',
    live => 'model_risk.attestation_cycle_count',
    key => '{cycle_id}'
);

COMMENT ON VIEW model_risk.attestation_cycle_count_by_cycle IS
'Records per cycle by status. Same columns and rows as model_risk.attestation_cycle_count.';

GRANT SELECT ON model_risk.attestation_cycle_count_by_cycle, model_risk.attestation_cycle_count_by_cycle_as_of TO tidemark_app, tidemark_operator;
