-- model_risk.access_scope
-- What can be granted of model risk: regions and teams.
-- grain:    one row per kind (value NULL) and per value; team 0 is models without a team
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW model_risk.access_scope AS
SELECT
    fixed.scope_kind,
    fixed.scope_value,
    fixed.scope_label
FROM (
    VALUES
    ('region', NULL::text, 'models linked to the region, and figures of it'),
    ('team', NULL, 'models whose owner answers to the team, and figures of it'),
    ('team', '0', 'Unassigned')
) AS fixed (scope_kind, scope_value, scope_label)
UNION ALL
SELECT
    'region',
    reg.region_id::text,
    reg.name::text
FROM model_risk.regions AS reg
UNION ALL
SELECT
    'team',
    tea.team_id::text,
    tea.name
FROM model_risk.teams AS tea;

COMMENT ON VIEW model_risk.access_scope IS
'A row without a value says what its kind opens. Grants of both kinds add up. Figures of the whole programme are for those who see the whole family.';

GRANT SELECT ON model_risk.access_scope TO tidemark_app, tidemark_operator;
