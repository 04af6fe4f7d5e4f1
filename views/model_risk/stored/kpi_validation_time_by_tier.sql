-- model_risk.kpi_validation_time_by_tier
-- How long validations took by tier, kept.
-- grain:    one row per tier label that has completed validations
-- requires: refresh.store(), refresh.affects(), model_risk.kpi_validation_time
-- source:   docs/model_risk.md, "The 26 KPIs"

SELECT refresh.store(
    'model_risk.kpi_validation_time_by_tier',
    live => 'model_risk.kpi_validation_time',
    key => '{tier_label}'
);

SELECT refresh.affects('model_risk.validation_requests', 'model_risk.kpi_validation_time_by_tier', 'all');
SELECT refresh.affects('model_risk.risk_tiers', 'model_risk.kpi_validation_time_by_tier', 'all');

COMMENT ON VIEW model_risk.kpi_validation_time_by_tier IS
'Completed validations per tier. Same columns and rows as model_risk.kpi_validation_time.';

GRANT SELECT ON model_risk.kpi_validation_time_by_tier, model_risk.kpi_validation_time_by_tier_as_of TO tidemark_app, tidemark_operator;
