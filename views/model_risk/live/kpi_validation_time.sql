-- model_risk.kpi_validation_time
-- How long validations took, by the tier they were validated for.
-- grain:    one row per tier label that has completed validations
-- requires: refresh.time_zone()
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_validation_time AS
WITH setting AS MATERIALIZED (
    SELECT refresh.time_zone() AS time_zone
)

SELECT
    coalesce(tier.label, 'Unassigned') AS tier_label,
    count(*) AS request_count,
    round(avg(
        (req.completion_date AT TIME ZONE setting.time_zone)::date
        - (req.created_at AT TIME ZONE setting.time_zone)::date
    ), 1) AS average_days
FROM model_risk.validation_requests AS req
CROSS JOIN setting
LEFT JOIN model_risk.risk_tiers AS tier ON req.validated_risk_tier_id = tier.risk_tier_id
WHERE req.current_status = 'APPROVED' AND req.completion_date IS NOT NULL
GROUP BY coalesce(tier.label, 'Unassigned');

COMMENT ON VIEW model_risk.kpi_validation_time IS
'Approved and completed requests per tier label: how many, and the mean of the days from creation to completion, one decimal.';

GRANT SELECT ON model_risk.kpi_validation_time TO tidemark_app, tidemark_operator;
