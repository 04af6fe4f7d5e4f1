-- Monitoring results: one a cycle, active metric and model in scope

WITH measured AS (
    SELECT
        cycle.cycle_id,
        metric.metric_id,
        metric.evaluation_type,
        member.model_id,
        (member.n::bigint * 32 + cycle.draw_id % 32) * 8 + metric.no AS draw_id
    FROM pg_temp.generated_cycle AS cycle
    INNER JOIN pg_temp.generated_metric AS metric USING (plan_no)
    INNER JOIN pg_temp.generated_member AS member USING (plan_no)
    WHERE
        cycle.status IN ('UNDER_REVIEW', 'PENDING_APPROVAL', 'APPROVED')
        AND metric.is_active
        AND member.joined_on <= cycle.ends_on
),

judged AS (
    SELECT
        measured.*,
        pg_temp.choose(
            pg_temp.draw(measured.draw_id, 180), '{0.78,0.92,0.98}', '{GREEN,YELLOW,RED,N/A}'
        ) AS outcome
    FROM measured
)

INSERT INTO model_risk.monitoring_results (
    result_id, cycle_id, plan_metric_id, model_id, numeric_value, calculated_outcome, narrative, entered_by_user_id
)
SELECT
    base.result_id + row_number() OVER (ORDER BY judged.cycle_id, judged.metric_id, judged.model_id),
    judged.cycle_id,
    judged.metric_id,
    judged.model_id,
    CASE WHEN judged.evaluation_type = 'Quantitative' THEN CASE judged.outcome
                WHEN 'GREEN' THEN pg_temp.draw_int(judged.draw_id, 181, 10, 199)
                WHEN 'YELLOW' THEN pg_temp.draw_int(judged.draw_id, 181, 201, 300)
                WHEN 'RED' THEN pg_temp.draw_int(judged.draw_id, 181, 301, 700)
            END / 1000.0::double precision
    END,
    judged.outcome,
    CASE WHEN judged.outcome = 'RED' THEN 'Breach reported to the owner'
        WHEN judged.evaluation_type = 'Qualitative' THEN 'Judged by the monitoring group'
    END,
    plan.user_base + plan.admins + plan.global_approvers + plan.regional_approvers
    + pg_temp.draw_int(judged.draw_id, 182, 1, plan.validators)
FROM judged
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN (SELECT coalesce(max(result_id), 0) AS result_id FROM model_risk.monitoring_results) AS base
ORDER BY judged.cycle_id, judged.metric_id, judged.model_id;

ANALYZE model_risk.monitoring_results;
