-- model_risk.kpi_tier_tally_by_lob
-- Tier counts per line of business, kept.
-- grain:    one row per line of business, region (NULL: all) and tier label
-- requires: refresh.store(), refresh.affects(), model_risk.kpi_tier_tally, model_risk.kpi_fact_by_model
-- source:   docs/model_risk.md, "The 26 KPIs"

SELECT refresh.store(
    'model_risk.kpi_tier_tally_by_lob',
    live => 'model_risk.kpi_tier_tally',
    key => '{lob_id, region_id, tier_label}'
);

SELECT refresh.affects('model_risk.model_regions', 'model_risk.kpi_tier_tally_by_lob', $$
    SELECT fact.lob_id, changed.region_id
    FROM changed
    INNER JOIN kpi_fact_by_model AS fact ON changed.model_id = fact.model_id
$$);
SELECT refresh.affects('model_risk.kpi_fact_by_model', 'model_risk.kpi_tier_tally_by_lob', 'SELECT lob_id, tier_label FROM changed');

COMMENT ON VIEW model_risk.kpi_tier_tally_by_lob IS
'Partial sums of the KPI report. Same columns and rows as model_risk.kpi_tier_tally.';

GRANT SELECT ON model_risk.kpi_tier_tally_by_lob, model_risk.kpi_tier_tally_by_lob_as_of TO tidemark_app, tidemark_operator;
