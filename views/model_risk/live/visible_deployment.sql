-- model_risk.visible_deployment
-- The links of models to regions that the current role may see in bi.
-- grain:    one row per model and region it is linked to
-- requires: access.sees_all(), access.sees(), model_risk.lob_ancestry_by_lob
-- source:   docs/access.md, "What opens which rows"

-- A region opens what is linked to it, not what the same models do in other regions.
CREATE OR REPLACE VIEW model_risk.visible_deployment AS
SELECT
    link.model_id,
    link.region_id
FROM model_risk.model_regions AS link
WHERE (SELECT access.sees_all('model_risk'))
UNION ALL
SELECT
    opened.model_id,
    opened.region_id
FROM (
    SELECT
        link.model_id,
        link.region_id
    FROM model_risk.model_regions AS link
    WHERE link.region_id = ANY((SELECT access.sees('model_risk', 'region'))::integer[])
    UNION
    SELECT
        link.model_id,
        link.region_id
    FROM model_risk.users AS own
    INNER JOIN model_risk.models AS mdl ON own.user_id = mdl.owner_id
    INNER JOIN model_risk.model_regions AS link ON mdl.model_id = link.model_id
    LEFT JOIN model_risk.lob_ancestry_by_lob AS line ON own.lob_id = line.lob_id
    WHERE coalesce(line.team_id, 0) = ANY((SELECT access.sees('model_risk', 'team'))::integer[])
) AS opened;

COMMENT ON VIEW model_risk.visible_deployment IS
'Links of the regions granted to current_user and of the models of its teams; all links for who sees the whole family.';

GRANT SELECT ON model_risk.visible_deployment TO tidemark_app, tidemark_operator;
