-- model_risk.visible_deployment
-- The links of models to regions that the current role may see in bi.
-- grain:    one row per model and region it is linked to
-- requires: access.sees_all(), access.sees(), model_risk.lob_ancestry_by_lob
-- source:   docs/access.md, "What opens which rows"

-- A region opens what is linked to it, not what the same models do in other regions.
CREATE OR REPLACE VIEW model_risk.visible_deployment AS
WITH reader AS MATERIALIZED (
    SELECT
        access.sees_all('model_risk') AS sees_all,
        access.sees('model_risk', 'region')::integer[] AS regions,
        access.sees('model_risk', 'team')::integer[] AS teams
)

SELECT
    link.model_id,
    link.region_id
FROM model_risk.model_regions AS link
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    opened.model_id,
    opened.region_id
FROM (
    SELECT
        link.model_id,
        link.region_id
    FROM model_risk.model_regions AS link
    WHERE link.region_id = ANY((SELECT reader.regions FROM reader)::integer[])
    UNION
    SELECT
        link.model_id,
        link.region_id
    FROM model_risk.lob_ancestry_by_lob AS line
    INNER JOIN model_risk.users AS own ON line.lob_id = own.lob_id
    INNER JOIN model_risk.models AS mdl ON own.user_id = mdl.owner_id
    INNER JOIN model_risk.model_regions AS link ON mdl.model_id = link.model_id
    WHERE line.team_id = ANY((SELECT reader.teams FROM reader)::integer[])
    UNION
    SELECT
        link.model_id,
        link.region_id
    FROM model_risk.users AS own
    INNER JOIN model_risk.models AS mdl ON own.user_id = mdl.owner_id
    INNER JOIN model_risk.model_regions AS link ON mdl.model_id = link.model_id
    LEFT JOIN model_risk.lob_ancestry_by_lob AS line ON own.lob_id = line.lob_id
    WHERE line.team_id IS NULL AND (SELECT 0 = ANY(reader.teams) FROM reader)
) AS opened;

COMMENT ON VIEW model_risk.visible_deployment IS
'Links of the regions granted to current_user and of the models of its teams; all links for who sees the whole family.';

GRANT SELECT ON model_risk.visible_deployment TO tidemark_app, tidemark_operator;
