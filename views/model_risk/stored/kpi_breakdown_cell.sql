-- model_risk.kpi_breakdown_cell
-- Active models by tier, business line and team, for one choice of the report's two filters.
-- grain:    one row per region, team (NULL: all), breakdown metric and category
-- requires: model_risk.kpi_tally_by_lob, model_risk.kpi_tier_tally_by_lob, model_risk.lob_ancestry_by_lob
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_breakdown_cell AS
SELECT
    part.region_id,
    CASE WHEN NOT scope.is_every_team THEN part.team_id END AS team_id,
    part.metric_id,
    part.category,
    sum(part.models)::bigint AS models
FROM (
    SELECT
        tally.region_id,
        coalesce(line.team_id, 0) AS team_id,
        '4.2' AS metric_id,
        tally.tier_label AS category,
        tally.models
    FROM model_risk.kpi_tier_tally_by_lob_as_of AS tally
    INNER JOIN model_risk.lob_ancestry_by_lob_as_of AS line ON tally.lob_id = line.lob_id
    UNION ALL
    SELECT
        tally.region_id,
        coalesce(line.team_id, 0) AS team_id,
        named.metric_id,
        named.category,
        tally.models
    FROM model_risk.kpi_tally_by_lob_as_of AS tally
    INNER JOIN model_risk.lob_ancestry_by_lob_as_of AS line ON tally.lob_id = line.lob_id
    LEFT JOIN model_risk.teams AS team ON line.team_id = team.team_id
    CROSS JOIN LATERAL (
        VALUES ('4.3', line.business_line), ('4.29', coalesce(team.name, 'Unassigned'))
    ) AS named (metric_id, category)
) AS part
CROSS JOIN (VALUES (true), (false)) AS scope (is_every_team)
GROUP BY
    part.region_id, CASE WHEN NOT scope.is_every_team THEN part.team_id END,
    part.metric_id, part.category;

COMMENT ON VIEW model_risk.kpi_breakdown_cell IS
'Breakdown counts of the KPIs 4.2 (tier), 4.3 (business line) and 4.29 (team) for every combination of region and team.';

GRANT SELECT ON model_risk.kpi_breakdown_cell TO tidemark_app, tidemark_operator;
