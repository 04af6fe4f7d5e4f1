-- What the demonstration of model_risk shows: one result a table, read through the public functions and views.
-- facts: one row, whose values every other statement and title may use.

-- name: is_filled
SELECT EXISTS (SELECT FROM model_risk.models);

-- name: facts
-- The region with most deployments and the team with most lines of business.
SELECT
    to_char((SELECT count(*) FROM model_risk.models), 'FM999,999,999') AS models,
    region.region_id,
    coalesce(region.name, 'none') AS region_name,
    team.team_id,
    coalesce(team.name, 'none') AS team_name,
    to_char((
        SELECT count(*) FROM model_risk.regional_compliance_report() AS rep WHERE rep.is_deployed_without_validation
    ), 'FM999,999,999') AS deployed_without_validation
FROM (SELECT 1) AS always
LEFT JOIN LATERAL (
    SELECT reg.region_id, reg.name
    FROM model_risk.regions AS reg
    INNER JOIN model_risk.model_regions AS dep USING (region_id)
    GROUP BY reg.region_id, reg.name
    ORDER BY count(*) DESC, reg.region_id
    LIMIT 1
) AS region ON TRUE
LEFT JOIN LATERAL (
    SELECT tea.team_id, tea.name
    FROM model_risk.teams AS tea
    LEFT JOIN model_risk.lob_units AS lob USING (team_id)
    GROUP BY tea.team_id, tea.name
    ORDER BY count(lob.lob_id) DESC, tea.team_id
    LIMIT 1
) AS team ON TRUE;

-- name: kpi
-- title: Programme KPIs of {models} models (largest region: {region_name}, largest team: {team_name})
-- Side by side; of a breakdown the largest categories.
WITH part AS (
    SELECT 1 AS scope, rep.* FROM model_risk.kpi_report() AS rep
    UNION ALL
    SELECT 2, rep.* FROM model_risk.kpi_report(p_region_id => %(region_id)s) AS rep
    UNION ALL
    SELECT 3, rep.* FROM model_risk.kpi_report(p_team_id => %(team_id)s) AS rep
),

shown AS (
    SELECT
        part.scope, part.seq, part.metric_id, part.metric_name, part.category, part.count_value,
        CASE
            WHEN part.scope > 1 AND NOT part.is_filtered THEN NULL
            WHEN part.metric_type = 'breakdown' AND part.avg_days IS NOT NULL THEN part.avg_days || ' days'
            WHEN part.metric_type = 'breakdown' THEN part.count_value || ' (' || part.percentage || ' %%)'
            WHEN part.metric_type = 'ratio'
                THEN part.percentage || ' %% (' || part.numerator || ' of ' || part.denominator || ')'
            WHEN part.metric_type = 'duration' THEN part.duration_value || ' days'
            ELSE part.count_value::text
        END AS figure
    FROM part
),

line AS (
    SELECT
        shown.seq, shown.metric_id, shown.metric_name, shown.category,
        max(shown.figure) FILTER (WHERE shown.scope = 1) AS for_all,
        max(shown.figure) FILTER (WHERE shown.scope = 2) AS for_region,
        max(shown.figure) FILTER (WHERE shown.scope = 3) AS for_team,
        row_number() OVER (PARTITION BY shown.seq ORDER BY max(shown.count_value) DESC NULLS LAST, shown.category) AS place
    FROM shown
    GROUP BY shown.seq, shown.metric_id, shown.metric_name, shown.category
),

told AS (
    SELECT line.metric_id, line.metric_name, line.category, line.for_all, line.for_region, line.for_team, line.seq, line.place
    FROM line
    WHERE line.place <= 8
    UNION ALL
    SELECT line.metric_id, line.metric_name, 'and ' || count(*) || ' more', NULL, NULL, NULL, line.seq, 9
    FROM line
    WHERE line.place > 8
    GROUP BY line.metric_id, line.metric_name, line.seq
)

SELECT
    CASE WHEN told.place = min(told.place) OVER same_metric THEN told.metric_id END AS id,
    CASE WHEN told.place = min(told.place) OVER same_metric THEN told.metric_name END AS metric,
    told.category,
    told.for_all AS "all models",
    told.for_region AS "largest region",
    told.for_team AS "largest team"
FROM told
WINDOW same_metric AS (PARTITION BY told.seq)
ORDER BY told.seq, told.place;

-- name: exceptions
-- title: Deployed without a valid validation: {deployed_without_validation}; the newest
SELECT
    rep.region_code AS region,
    rep.model_id AS model,
    rep.model_name AS name,
    rep.deployed_version AS version,
    rep.deployment_date::date AS deployed,
    rep.validation_status AS validation
FROM model_risk.regional_compliance_report() AS rep
WHERE rep.is_deployed_without_validation
ORDER BY rep.deployment_date DESC NULLS LAST, rep.region_code, rep.model_id
LIMIT 8;

-- name: cycles
-- title: Attestation cycles, the newest
SELECT
    cyc.cycle_name AS cycle,
    cyc.status,
    cyc.submission_due_date AS due,
    cyc.total_records AS records,
    cyc.pending_count AS pending,
    cyc.accepted_count AS accepted,
    cyc.coverage_pct AS "coverage %%"
FROM model_risk.attestation_cycle_list(p_limit => 8) AS cyc;
