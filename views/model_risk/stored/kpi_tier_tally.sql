-- model_risk.kpi_tier_tally
-- Active models of one line of business in one region by inherent risk tier.
-- grain:    one row per line of business, region and tier label; region NULL: all regions
-- requires: model_risk.kpi_fact_by_model
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_tier_tally AS
SELECT
    fact.lob_id,
    link.region_id,
    fact.tier_label,
    count(*) AS models
FROM model_risk.kpi_fact_by_model_as_of AS fact
CROSS JOIN LATERAL (
    SELECT NULL::integer AS region_id
    UNION ALL
    SELECT reg.region_id
    FROM model_risk.model_regions AS reg
    WHERE reg.model_id = fact.model_id
) AS link
GROUP BY fact.lob_id, link.region_id, fact.tier_label;

COMMENT ON VIEW model_risk.kpi_tier_tally IS
'Counts of active models per line of business, region and tier label; models without a tier are Unassigned.';

GRANT SELECT ON model_risk.kpi_tier_tally TO tidemark_app, tidemark_operator;
