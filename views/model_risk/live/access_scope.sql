-- model_risk.access_scope
-- What can be granted of model risk: regions and teams.
-- grain:    one row per region, and one per team (0: models without a team)
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW model_risk.access_scope AS
SELECT
    'region' AS scope_kind,
    reg.region_id::text AS scope_value,
    reg.name::text AS scope_label
FROM model_risk.regions AS reg
UNION ALL
SELECT
    'team',
    tea.team_id::text,
    tea.name
FROM model_risk.teams AS tea
UNION ALL
SELECT
    'team',
    '0',
    'Unassigned';

COMMENT ON VIEW model_risk.access_scope IS
'Kind region: models linked to the region, and figures of it. Kind team: models whose owner answers to the team, and figures of it. Grants of both kinds add up. Figures of the whole programme are for those who see the whole family.';

GRANT SELECT ON model_risk.access_scope TO tidemark_app, tidemark_operator;
