-- model_risk.kpi_tally
-- KPI counts of one line of business in one region: small sums from which every filter is answered.
-- grain:    one row per line of business and region that has active models; region NULL: all regions
-- requires: model_risk.kpi_fact_by_model
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_tally AS
SELECT
    fact.lob_id,
    link.region_id,
    count(*) AS models,
    count(*) FILTER (WHERE NOT fact.has_tier) AS without_tier,
    count(*) FILTER (WHERE fact.is_third_party) AS third_party,
    count(*) FILTER (WHERE fact.is_aiml) AS aiml,
    count(*) FILTER (WHERE NOT fact.is_overdue) AS on_time,
    count(*) FILTER (WHERE fact.is_overdue) AS overdue,
    count(*) FILTER (WHERE fact.is_interim_approved) AS interim_approved,
    count(*) FILTER (WHERE fact.is_monitored) AS monitored,
    count(*) FILTER (WHERE fact.is_breaching) AS breaching,
    count(*) FILTER (WHERE fact.has_monitoring_issue) AS monitoring_issue,
    count(*) FILTER (WHERE fact.has_approved_cycle) AS approved_cycle,
    count(*) FILTER (WHERE fact.is_monitoring_timely) AS monitoring_timely,
    count(*) FILTER (WHERE fact.has_critical_limitation) AS critical_limitation,
    count(*) FILTER (WHERE fact.has_high_recommendation) AS high_recommendation,
    sum(fact.recommendations_without_target_date) AS recommendations_without_target_date,
    count(*) FILTER (WHERE fact.has_residual_risk) AS residual_stated,
    count(*) FILTER (WHERE fact.is_residual_high) AS residual_high,
    count(*) FILTER (WHERE fact.has_open_exception) AS open_exception
FROM model_risk.kpi_fact_by_model_as_of AS fact
CROSS JOIN LATERAL (
    SELECT NULL::integer AS region_id
    UNION ALL
    SELECT reg.region_id
    FROM model_risk.model_regions AS reg
    WHERE reg.model_id = fact.model_id
) AS link
GROUP BY fact.lob_id, link.region_id;

COMMENT ON VIEW model_risk.kpi_tally IS
'Counts of active models per line of business and region; a model counts once in each region it is linked to and once in the row of all regions.';

GRANT SELECT ON model_risk.kpi_tally TO tidemark_app, tidemark_operator;
