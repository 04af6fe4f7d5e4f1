-- Monitoring: plans, the models in them, and two years of cycles with their results

-- Twelve plans of 1 to 12 models take 78 models in; then the sizes start again.
CREATE TEMP TABLE generated_member ON COMMIT DROP AS
WITH monitored AS (
    SELECT
        mdl.n,
        mdl.model_id,
        row_number() OVER (ORDER BY mdl.n) - 1 AS position
    FROM pg_temp.generated_model AS mdl
    WHERE mdl.status <> 'Retired' AND pg_temp.draw(mdl.n, 160) < 0.39
)

SELECT
    monitored.n,
    monitored.model_id,
    monitored.position / 78 * 12 + floor((sqrt(8 * (monitored.position % 78) + 1) - 1) / 2)::integer + 1 AS plan_no,
    plan.as_of - pg_temp.draw_int(monitored.n, 161, 30, 1500) AS joined_on
FROM monitored
CROSS JOIN pg_temp.generated_plan AS plan;

CREATE TEMP TABLE generated_monitoring_plan ON COMMIT DROP AS
SELECT
    member.plan_no,
    base.plan_id + member.plan_no AS plan_id,
    pg_temp.choose(
        pg_temp.draw(member.plan_no, 162), '{0.10,0.70,0.90}', '{Monthly,Quarterly,Semi-Annual,Annual}'
    ) AS frequency,
    (pg_temp.choose(pg_temp.draw(member.plan_no, 162), '{0.10,0.70,0.90}', '{1,3,6,12}'))::integer AS months,
    pg_temp.draw_int(member.plan_no, 163, 1, 4) AS metrics
FROM (SELECT DISTINCT plan_no FROM pg_temp.generated_member) AS member
CROSS JOIN (SELECT coalesce(max(plan_id), 0) AS plan_id FROM model_risk.monitoring_plans) AS base;

INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active)
SELECT
    plan_id,
    frequency || ' monitoring ' || plan_id,
    frequency,
    pg_temp.draw(plan_no, 164) >= 0.03
FROM pg_temp.generated_monitoring_plan
ORDER BY plan_id;

-- One member in twelve came from another plan.
INSERT INTO model_risk.monitoring_plan_memberships (membership_id, plan_id, model_id, effective_from, effective_to)
SELECT
    base.membership_id + row_number() OVER (ORDER BY member.n, stay.is_open),
    plan.plan_id,
    member.model_id,
    pg_temp.working_hour(member.joined_on - CASE WHEN stay.is_open THEN 0 ELSE 400 END, 0),
    CASE WHEN NOT stay.is_open THEN pg_temp.working_hour(member.joined_on, 0) END
FROM pg_temp.generated_member AS member
CROSS JOIN (VALUES (false), (true)) AS stay (is_open)
INNER JOIN pg_temp.generated_monitoring_plan AS plan
    ON plan.plan_no = CASE WHEN stay.is_open THEN member.plan_no ELSE greatest(member.plan_no - 1, 1) END
CROSS JOIN (SELECT coalesce(max(membership_id), 0) AS membership_id FROM model_risk.monitoring_plan_memberships) AS base
WHERE stay.is_open OR pg_temp.draw(member.n, 165) < 0.08
ORDER BY member.n, stay.is_open;

CREATE TEMP TABLE generated_metric ON COMMIT DROP AS
SELECT
    base.metric_id + row_number() OVER (ORDER BY plan.plan_no, nth.no) AS metric_id,
    plan.plan_no,
    plan.plan_id,
    nth.no,
    pg_temp.choose(
        pg_temp.draw(plan.plan_no * 8 + nth.no, 166), '{0.7,0.85}', '{Quantitative,Qualitative,Outcome Only}'
    ) AS evaluation_type,
    pg_temp.draw(plan.plan_no * 8 + nth.no, 167) >= 0.04 AS is_active
FROM pg_temp.generated_monitoring_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.metrics) AS nth (no)
CROSS JOIN (SELECT coalesce(max(metric_id), 0) AS metric_id FROM model_risk.monitoring_plan_metrics) AS base;

-- A quantitative metric is an error: up to 0.2 is green, up to 0.3 yellow.
INSERT INTO model_risk.monitoring_plan_metrics (
    metric_id, plan_id, metric_name, evaluation_type, yellow_min, yellow_max, red_min, red_max, is_active
)
SELECT
    metric.metric_id,
    metric.plan_id,
    (ARRAY['Mean absolute error', 'Stability index', 'Calibration error', 'Override rate'])[metric.no],
    metric.evaluation_type,
    NULL,
    CASE WHEN metric.evaluation_type = 'Quantitative' THEN 0.2 END,
    NULL,
    CASE WHEN metric.evaluation_type = 'Quantitative' THEN 0.3 END,
    metric.is_active
FROM pg_temp.generated_metric AS metric
ORDER BY metric.metric_id;

-- The period that holds the day is pending, the one before it under way, older ones are approved.
CREATE TEMP TABLE generated_cycle ON COMMIT DROP AS
SELECT
    base.cycle_id + row_number() OVER (ORDER BY monitoring.plan_no ASC, back.no DESC) AS cycle_id,
    monitoring.plan_no,
    monitoring.plan_id,
    monitoring.plan_no * 32 + back.no AS draw_id,
    (origin.day - make_interval(months => monitoring.months * back.no))::date AS starts_on,
    (origin.day - make_interval(months => monitoring.months * (back.no - 1)))::date - 1 AS ends_on,
    CASE
        WHEN back.no = 0 THEN 'PENDING'
        WHEN back.no = 1
            THEN pg_temp.choose(
                    pg_temp.draw(monitoring.plan_no * 32 + back.no, 170), '{0.4,0.6,0.8}',
                    '{DATA_COLLECTION,UNDER_REVIEW,PENDING_APPROVAL,APPROVED}'
                )
        ELSE pg_temp.choose(
                pg_temp.draw(monitoring.plan_no * 32 + back.no, 170), '{0.96,0.98}', '{APPROVED,CANCELLED,ON_HOLD}'
            )
    END AS status
FROM pg_temp.generated_monitoring_plan AS monitoring
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN
    LATERAL (
        SELECT
            date_trunc('year', plan.as_of::timestamp) + make_interval(
                months => (extract(MONTH FROM plan.as_of)::integer - 1) / monitoring.months * monitoring.months
            ) AS day
    ) AS origin
CROSS JOIN LATERAL generate_series(0, 24 / monitoring.months) AS back (no)
CROSS JOIN (SELECT coalesce(max(cycle_id), 0) AS cycle_id FROM model_risk.monitoring_cycles) AS base;

CREATE INDEX ON pg_temp.generated_cycle (plan_no, ends_on);
ANALYZE pg_temp.generated_member, pg_temp.generated_metric, pg_temp.generated_cycle;

INSERT INTO model_risk.monitoring_cycles (
    cycle_id, plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status, submitted_at
)
SELECT
    cycle.cycle_id,
    cycle.plan_id,
    cycle.starts_on,
    cycle.ends_on,
    cycle.ends_on + 15,
    cycle.ends_on + 45,
    cycle.status,
    CASE
        WHEN cycle.status IN ('UNDER_REVIEW', 'PENDING_APPROVAL', 'APPROVED') AND pg_temp.draw(cycle.draw_id, 171) < 0.96
            THEN pg_temp.working_hour(
                    cycle.ends_on + CASE
                        WHEN pg_temp.draw(cycle.draw_id, 172) < 0.8 THEN pg_temp.draw_int(cycle.draw_id, 173, 2, 15)
                        ELSE pg_temp.draw_int(cycle.draw_id, 173, 16, 40)
                    END, pg_temp.draw(cycle.draw_id, 174)
                )
    END
FROM pg_temp.generated_cycle AS cycle
ORDER BY cycle.cycle_id;

INSERT INTO model_risk.monitoring_cycle_model_scopes (cycle_id, model_id)
SELECT
    cycle.cycle_id,
    member.model_id
FROM pg_temp.generated_cycle AS cycle
INNER JOIN pg_temp.generated_member AS member USING (plan_no)
WHERE member.joined_on <= cycle.ends_on AND cycle.status <> 'PENDING'
ORDER BY cycle.cycle_id, member.model_id;

ANALYZE model_risk.monitoring_plans, model_risk.monitoring_plan_memberships, model_risk.monitoring_plan_metrics;
ANALYZE model_risk.monitoring_cycles, model_risk.monitoring_cycle_model_scopes;
