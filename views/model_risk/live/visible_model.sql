-- model_risk.visible_model
-- The models that the current role may see in bi.
-- grain:    one row per model
-- requires: access.sees_all(), access.sees(), model_risk.lob_ancestry_by_lob
-- source:   docs/access.md, "What opens which rows"

-- The first part does not start for those who see parts, the second finds nothing for those who see all.
CREATE OR REPLACE VIEW model_risk.visible_model AS
WITH reader AS MATERIALIZED (
    SELECT
        access.sees_all('model_risk') AS sees_all,
        access.sees('model_risk', 'region')::integer[] AS regions,
        access.sees('model_risk', 'team')::integer[] AS teams
)

SELECT mdl.model_id
FROM model_risk.models AS mdl
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT opened.model_id
FROM (
    SELECT link.model_id
    FROM model_risk.model_regions AS link
    WHERE link.region_id = ANY((SELECT reader.regions FROM reader)::integer[])
    UNION
    SELECT mdl.model_id
    FROM model_risk.lob_ancestry_by_lob AS line
    INNER JOIN model_risk.users AS own ON line.lob_id = own.lob_id
    INNER JOIN model_risk.models AS mdl ON own.user_id = mdl.owner_id
    WHERE line.team_id = ANY((SELECT reader.teams FROM reader)::integer[])
    UNION
    SELECT mdl.model_id
    FROM model_risk.users AS own
    INNER JOIN model_risk.models AS mdl ON own.user_id = mdl.owner_id
    LEFT JOIN model_risk.lob_ancestry_by_lob AS line ON own.lob_id = line.lob_id
    WHERE line.team_id IS NULL AND (SELECT 0 = ANY(reader.teams) FROM reader)
) AS opened;

COMMENT ON VIEW model_risk.visible_model IS
'Models of the regions and of the teams granted to current_user; all models for who sees the whole family. The team is that of model_risk.lob_ancestry_by_lob, as the rows show it.';

GRANT SELECT ON model_risk.visible_model TO tidemark_app, tidemark_operator;
