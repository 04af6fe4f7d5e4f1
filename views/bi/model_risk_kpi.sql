-- bi.model_risk_kpi
-- The 26 programme KPIs for every region and team.
-- grain:    one row per region, team, metric and, in breakdowns, category
-- requires: model_risk.kpi_report_line, model_risk.kpi_scope, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_kpi WITH (security_barrier) AS
SELECT
    line.region_id,
    scope.region_name::text AS region_name,
    line.team_id,
    scope.team_name,
    line.seq,
    line.metric_id,
    met.metric_name,
    met.metric_type,
    met.is_kri,
    met.is_filtered,
    line.category,
    line.count_value,
    line.numerator,
    line.denominator,
    line.percentage AS value_pct,
    line.duration_value AS duration_days,
    line.avg_days
FROM model_risk.kpi_report_line AS line
INNER JOIN model_risk.kpi_metrics AS met ON line.metric_id = met.metric_id
INNER JOIN model_risk.kpi_scope AS scope ON line.scope_code = scope.scope_code
WHERE line.team_id IS DISTINCT FROM -1
    AND (
        (SELECT access.sees_all('model_risk'))
        -- a metric of the whole programme tells of models elsewhere, in whichever scope it is repeated
        OR (
            met.is_filtered
            AND (
                line.region_id = ANY((SELECT access.sees('model_risk', 'region'))::integer[])
                OR line.team_id = ANY((SELECT access.sees('model_risk', 'team'))::integer[])
            )
        )
    );

COMMENT ON VIEW bi.model_risk_kpi IS
'Programme KPIs, precomputed for every choice of region and team. Grain: one row per region, team, metric and category. Key: region_id, team_id, metric_id, category. Filter region_id IS NULL and team_id IS NULL for the whole bank: other rows are parts of it and must not be added up. Data as of: model_risk.kpi_cell_by_scope, see bi.freshness.';
COMMENT ON COLUMN bi.model_risk_kpi.region_id IS 'Region; NULL: all regions.';
COMMENT ON COLUMN bi.model_risk_kpi.region_name IS 'Name of the region, or All Regions.';
COMMENT ON COLUMN bi.model_risk_kpi.team_id IS 'Team; NULL: all teams, 0: models without a team.';
COMMENT ON COLUMN bi.model_risk_kpi.team_name IS 'Name of the team, All Teams or Unassigned.';
COMMENT ON COLUMN bi.model_risk_kpi.seq IS 'Order of the metric in the report.';
COMMENT ON COLUMN bi.model_risk_kpi.metric_id IS 'Number of the metric, for example 4.7.';
COMMENT ON COLUMN bi.model_risk_kpi.metric_name IS 'Name of the metric.';
COMMENT ON COLUMN bi.model_risk_kpi.metric_type IS 'count, ratio, breakdown or duration: says which value columns are filled.';
COMMENT ON COLUMN bi.model_risk_kpi.is_kri IS 'A key risk indicator.';
COMMENT ON COLUMN bi.model_risk_kpi.is_filtered IS 'False: the metric looks at the whole programme and repeats in every scope.';
COMMENT ON COLUMN bi.model_risk_kpi.category IS 'Tier label, business line or team of a breakdown; otherwise NULL.';
COMMENT ON COLUMN bi.model_risk_kpi.count_value IS 'Count, or size of the category.';
COMMENT ON COLUMN bi.model_risk_kpi.numerator IS 'Numerator of a ratio.';
COMMENT ON COLUMN bi.model_risk_kpi.denominator IS 'Denominator of a ratio.';
COMMENT ON COLUMN bi.model_risk_kpi.value_pct IS 'Share in percent, 0 to 100, two decimals.';
COMMENT ON COLUMN bi.model_risk_kpi.duration_days IS 'Duration in days, one decimal.';
COMMENT ON COLUMN bi.model_risk_kpi.avg_days IS 'Average days of the category, one decimal (metric 4.8).';

GRANT SELECT ON bi.model_risk_kpi TO tidemark_bi;
