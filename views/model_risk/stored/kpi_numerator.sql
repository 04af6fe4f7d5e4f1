-- model_risk.kpi_numerator
-- The models behind the numerator of each ratio, for drill-down.
-- grain:    one row per metric and active model that counts
-- requires: model_risk.kpi_fact_by_model
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE VIEW model_risk.kpi_numerator AS
SELECT
    figure.metric_id,
    fact.model_id,
    fact.lob_id
FROM model_risk.kpi_fact_by_model_as_of AS fact
CROSS JOIN LATERAL (
    VALUES
    ('4.4', fact.is_third_party),
    ('4.5', fact.is_aiml),
    ('4.6', NOT fact.is_overdue),
    ('4.7', fact.is_overdue),
    ('4.11', fact.is_breaching),
    ('4.12', fact.has_monitoring_issue),
    ('4.10a', fact.is_monitoring_timely),
    ('4.14', fact.has_critical_limitation),
    ('4.21', fact.has_high_recommendation),
    ('4.27', fact.is_residual_high),
    ('4.28', fact.has_open_exception)
) AS figure (metric_id, is_counted)
WHERE figure.is_counted;

COMMENT ON VIEW model_risk.kpi_numerator IS
'Drill-down of the ratios that count models. The ratios over cycles, recommendations and attestations (4.10, 4.19, 4.22) have none.';

GRANT SELECT ON model_risk.kpi_numerator TO tidemark_app, tidemark_operator;
