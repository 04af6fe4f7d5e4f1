-- model_risk.kpi_fact
-- What each active model contributes to the programme KPIs.
-- grain:    one row per model with status Active
-- requires: model_risk.revalidation_schedule, model_risk.residual_risk, model_risk.revalidation_status(),
-- requires: model_risk.is_revalidation_overdue(), model_risk.is_approval_overdue(), model_risk.revalidation_next_change_on(),
-- requires: model_risk.approval_next_change_on(), refresh.as_of_date(), refresh.time_zone()
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_fact AS
WITH clock AS MATERIALIZED (
    SELECT
        refresh.as_of_date() AS as_of,
        refresh.time_zone() AS time_zone
),

open_recommendation AS (
    SELECT
        rec.model_id,
        bool_or(rec.monitoring_cycle_id IS NOT NULL) AS has_monitoring_issue,
        bool_or(rec.priority = 'HIGH') AS has_high_priority,
        count(*) FILTER (WHERE rec.current_target_date IS NULL)::integer AS without_target_date
    FROM model_risk.recommendations AS rec
    WHERE rec.closed_at IS NULL
    GROUP BY rec.model_id
),

latest_result AS (  -- red in the latest cycle: the latest red cycle is the latest cycle
    SELECT
        res.model_id,
        coalesce(
            max(cyc.period_end_date) FILTER (WHERE res.calculated_outcome = 'RED')
            = max(cyc.period_end_date), false
        ) AS is_red
    FROM model_risk.monitoring_results AS res
    INNER JOIN model_risk.monitoring_cycles AS cyc ON res.cycle_id = cyc.cycle_id
    GROUP BY res.model_id
)

SELECT
    mdl.model_id,
    own.lob_id,
    coalesce(tier.label, 'Unassigned') AS tier_label,
    mdl.risk_tier_id IS NOT NULL AS has_tier,
    mdl.development_type = 'Third-Party' AS is_third_party,
    coalesce(cat.is_aiml, false) AS is_aiml,
    decided.is_overdue,
    coalesce(plan.last_type = 'INTERIM' AND NOT decided.is_approval_overdue, false)
        AS is_interim_approved,
    mem.plan_id IS NOT NULL AS is_monitored,
    mem.plan_id IS NOT NULL AND coalesce(latest_result.is_red, false) AS is_breaching,
    approved_cycle.is_always_timely IS NOT NULL AS has_approved_cycle,
    coalesce(approved_cycle.is_always_timely, false) AS is_monitoring_timely,
    coalesce(open_recommendation.has_monitoring_issue, false) AS has_monitoring_issue,
    coalesce(open_recommendation.has_high_priority, false) AS has_high_recommendation,
    coalesce(open_recommendation.without_target_date, 0) AS recommendations_without_target_date,
    EXISTS (
        SELECT FROM model_risk.model_limitations AS lim
        WHERE lim.model_id = mdl.model_id AND lim.significance = 'Critical' AND NOT lim.is_retired
    ) AS has_critical_limitation,
    EXISTS (
        SELECT FROM model_risk.model_exceptions AS exc
        WHERE exc.model_id = mdl.model_id AND exc.status IN ('OPEN', 'ACKNOWLEDGED')
    ) AS has_open_exception,
    residual.residual_risk IS NOT NULL AS has_residual_risk,
    coalesce(residual.residual_risk = 'High', false) AS is_residual_high,
    least(
        model_risk.revalidation_next_change_on(
            plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, clock.as_of
        ),
        model_risk.approval_next_change_on(
            true, plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, clock.as_of
        )
    ) AS next_change_on
FROM model_risk.models AS mdl
CROSS JOIN clock
INNER JOIN model_risk.users AS own ON mdl.owner_id = own.user_id
INNER JOIN model_risk.revalidation_schedule AS plan ON mdl.model_id = plan.model_id
CROSS JOIN LATERAL (
    SELECT
        model_risk.is_revalidation_overdue(sta.revalidation_status) AS is_overdue,
        model_risk.is_approval_overdue(
            sta.revalidation_status, plan.next_validation_due, clock.as_of
        ) AS is_approval_overdue
    FROM (
        SELECT
            model_risk.revalidation_status(
                plan.branch, plan.next_submission_due, plan.grace_period_end,
                plan.next_validation_due, clock.as_of
            ) AS revalidation_status
        OFFSET 0
    ) AS sta
) AS decided
LEFT JOIN model_risk.risk_tiers AS tier ON mdl.risk_tier_id = tier.risk_tier_id
LEFT JOIN model_risk.methodologies AS met ON mdl.methodology_id = met.methodology_id
LEFT JOIN model_risk.methodology_categories AS cat ON met.category_id = cat.category_id
LEFT JOIN model_risk.monitoring_plan_memberships AS mem
    ON mdl.model_id = mem.model_id AND mem.effective_to IS NULL
CROSS JOIN LATERAL (
    SELECT
        bool_and(coalesce(
            (cyc.submitted_at AT TIME ZONE clock.time_zone)::date <= cyc.submission_due_date, false
        )) AS is_always_timely
    FROM model_risk.monitoring_cycles AS cyc
    WHERE cyc.plan_id = mem.plan_id AND cyc.status = 'APPROVED'
) AS approved_cycle
LEFT JOIN latest_result ON mdl.model_id = latest_result.model_id
LEFT JOIN open_recommendation ON mdl.model_id = open_recommendation.model_id
LEFT JOIN model_risk.residual_risk AS residual
    ON plan.latest_approved_request_id = residual.request_id
WHERE mdl.status = 'Active';

COMMENT ON VIEW model_risk.kpi_fact IS
'One flag per KPI and active model on refresh.as_of_date(): is the model in the numerator, or in the smaller denominator, of that KPI? Team and business line follow from lob_id.';
COMMENT ON COLUMN model_risk.kpi_fact.lob_id IS 'Line of business of the model''s owner.';
COMMENT ON COLUMN model_risk.kpi_fact.next_change_on IS
'No flag differs before this day although no row changes; NULL: never.';

GRANT SELECT ON model_risk.kpi_fact TO tidemark_app, tidemark_operator;
