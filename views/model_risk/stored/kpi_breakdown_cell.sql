-- model_risk.kpi_breakdown_cell
-- Active models by tier, business line and team, for one choice of the report's two filters.
-- grain:    one row per region, team (NULL: all), breakdown metric and category
-- requires: model_risk.kpi_tier_tally_by_lob, model_risk.lob_ancestry_by_lob, model_risk.kpi_scope_code()
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_breakdown_cell AS
SELECT
    tally.region_id,
    scope.team_id,
    part.metric_id,
    part.category,
    sum(tally.models)::bigint AS models,
    model_risk.kpi_scope_code(tally.region_id, scope.team_id) AS scope_code
FROM model_risk.kpi_tier_tally_by_lob_as_of AS tally
INNER JOIN model_risk.lob_ancestry_by_lob_as_of AS line ON tally.lob_id = line.lob_id
LEFT JOIN model_risk.teams AS team ON line.team_id = team.team_id
CROSS JOIN LATERAL (
    VALUES
    ('4.2', tally.tier_label),
    ('4.3', line.business_line),
    ('4.29', coalesce(team.name, 'Unassigned'))
) AS part (metric_id, category)
CROSS JOIN LATERAL (VALUES (NULL), (coalesce(line.team_id, 0))) AS scope (team_id)
GROUP BY tally.region_id, scope.team_id, part.metric_id, part.category;

COMMENT ON VIEW model_risk.kpi_breakdown_cell IS
'Breakdown counts of the KPIs 4.2 (tier), 4.3 (business line) and 4.29 (team) for every combination of region and team.';

GRANT SELECT ON model_risk.kpi_breakdown_cell TO tidemark_app, tidemark_operator;
