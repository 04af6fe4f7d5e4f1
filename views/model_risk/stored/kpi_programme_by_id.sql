-- model_risk.kpi_programme_by_id
-- The KPIs of the programme as a whole, kept.
-- grain:    one row
-- requires: refresh.store(), refresh.affects(), model_risk.kpi_programme
-- source:   docs/model_risk.md, "The 26 KPIs"

SELECT refresh.store(
    'model_risk.kpi_programme_by_id',
    live => 'model_risk.kpi_programme',
    key => '{programme_id}',
    due => 'next_change_on'
);

SELECT refresh.affects('model_risk.monitoring_cycles', 'model_risk.kpi_programme_by_id', 'all');
SELECT refresh.affects('model_risk.recommendations', 'model_risk.kpi_programme_by_id', 'all');
SELECT refresh.affects('model_risk.attestation_records', 'model_risk.kpi_programme_by_id', 'all');
SELECT refresh.affects('model_risk.attestation_cycles', 'model_risk.kpi_programme_by_id', 'all');
SELECT refresh.affects('model_risk.decommissioning_requests', 'model_risk.kpi_programme_by_id', 'all');

COMMENT ON VIEW model_risk.kpi_programme_by_id IS
'Unfiltered KPI figures. Same columns and row as model_risk.kpi_programme.';

GRANT SELECT ON model_risk.kpi_programme_by_id, model_risk.kpi_programme_by_id_as_of TO tidemark_app, tidemark_operator;
