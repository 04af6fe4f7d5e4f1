-- model_risk.kpi_report_line
-- The KPI report, line by line, for every choice of its filters.
-- grain:    one row per region, team (NULL: all), metric and, in breakdowns, category
-- requires: model_risk.kpi_scope, model_risk.kpi_cell_by_scope, model_risk.kpi_breakdown_cell_by_scope,
-- requires: model_risk.kpi_programme_by_id, model_risk.kpi_validation_time_by_tier, model_risk.percentage()
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE VIEW model_risk.kpi_report_line AS
SELECT
    scope.region_id,
    scope.team_id,
    met.seq,
    met.metric_id,
    NULL::text AS category,
    CASE WHEN met.metric_type = 'count' THEN coalesce(figure.numerator, 0) END AS count_value,
    CASE WHEN met.metric_type = 'ratio' THEN coalesce(figure.numerator, 0) END AS numerator,
    CASE WHEN met.metric_type = 'ratio' THEN coalesce(figure.denominator, 0) END AS denominator,
    CASE WHEN met.metric_type = 'ratio' THEN
        model_risk.percentage(coalesce(figure.numerator, 0), coalesce(figure.denominator, 0))
    END AS percentage,
    CASE WHEN met.metric_type = 'duration' THEN programme.average_days_to_close END AS duration_value,
    NULL::numeric AS avg_days,
    scope.scope_code
FROM model_risk.kpi_scope AS scope
LEFT JOIN model_risk.kpi_cell_by_scope_as_of AS cell
    ON scope.scope_code = cell.scope_code
CROSS JOIN model_risk.kpi_programme_by_id_as_of AS programme
CROSS JOIN LATERAL (
    VALUES
    ('4.1', cell.models, NULL::bigint),
    ('4.2a', cell.without_tier, NULL),
    ('4.4', cell.third_party, cell.models),
    ('4.5', cell.aiml, cell.models),
    ('4.6', cell.on_time, cell.models),
    ('4.7', cell.overdue, cell.models),
    ('4.9', cell.interim_approved, NULL),
    ('4.10', programme.timely_monitoring_cycles, programme.approved_monitoring_cycles),
    ('4.11', cell.breaching, cell.monitored),
    ('4.12', cell.monitoring_issue, cell.models),
    ('4.10a', cell.monitoring_timely, cell.approved_cycle),
    ('4.14', cell.critical_limitation, cell.models),
    ('4.18', programme.open_recommendations, NULL),
    ('4.19', programme.past_due_recommendations, programme.open_recommendations),
    ('4.20', NULL, NULL),
    ('4.21', cell.high_recommendation, cell.models),
    ('4.19a', cell.recommendations_without_target_date, NULL),
    ('4.22', programme.timely_attestations, programme.required_attestations),
    ('4.23', programme.pending_decommissionings, NULL),
    ('4.24', programme.decommissioned_last_year, NULL),
    ('4.27', cell.residual_high, cell.residual_stated),
    ('4.28', cell.open_exception, cell.models)
) AS figure (metric_id, numerator, denominator)
INNER JOIN model_risk.kpi_metrics AS met ON figure.metric_id = met.metric_id
UNION ALL
SELECT
    part.region_id,
    part.team_id,
    met.seq,
    met.metric_id,
    part.category,
    part.models,
    NULL,
    NULL,
    model_risk.percentage(
        part.models,
        (sum(part.models) OVER (PARTITION BY part.scope_code, part.metric_id))::bigint
    ),
    NULL,
    NULL,
    part.scope_code
FROM model_risk.kpi_breakdown_cell_by_scope_as_of AS part
INNER JOIN model_risk.kpi_metrics AS met ON part.metric_id = met.metric_id
UNION ALL
SELECT
    scope.region_id,
    scope.team_id,
    met.seq,
    met.metric_id,
    part.tier_label,
    part.request_count,
    NULL,
    NULL,
    model_risk.percentage(part.request_count, (sum(part.request_count) OVER (
        PARTITION BY scope.scope_code
    ))::bigint),
    NULL,
    part.average_days,
    scope.scope_code
FROM model_risk.kpi_scope AS scope
CROSS JOIN model_risk.kpi_validation_time_by_tier_as_of AS part
INNER JOIN model_risk.kpi_metrics AS met ON met.metric_id = '4.8';

COMMENT ON VIEW model_risk.kpi_report_line IS
'Counts, ratios (numerator, denominator, percentage), breakdowns (category) and durations in days of the 26 KPIs. Metrics of the programme repeat in every scope.';

GRANT SELECT ON model_risk.kpi_report_line TO tidemark_app, tidemark_operator;
