-- model_risk.kpi_scope
-- Every choice of the KPI report's two filters, with the names its header prints.
-- grain:    one row per region (NULL: all) and team (NULL: all, 0: none, -1: any team that does not exist)
-- requires: model_risk.kpi_scope_code()
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE VIEW model_risk.kpi_scope AS
SELECT
    region.region_id,
    region.region_name,
    team.team_id,
    team.team_name,
    model_risk.kpi_scope_code(region.region_id, team.team_id) AS scope_code
FROM (
    SELECT
        NULL::integer AS region_id,
        'All Regions' AS region_name
    UNION ALL
    SELECT
        reg.region_id,
        reg.name
    FROM model_risk.regions AS reg
) AS region
CROSS JOIN (
    SELECT
        fixed.team_id,
        fixed.team_name
    FROM (VALUES (NULL::integer, 'All Teams'), (0, 'Unassigned'), (-1, 'No such team'))
        AS fixed (team_id, team_name)
    UNION ALL
    SELECT
        tea.team_id,
        tea.name
    FROM model_risk.teams AS tea
) AS team;

COMMENT ON VIEW model_risk.kpi_scope IS
'Filters of the KPI report. Team 0 stands for models without a team; team -1 has no models and answers for any unknown team.';

GRANT SELECT ON model_risk.kpi_scope TO tidemark_app, tidemark_operator;
