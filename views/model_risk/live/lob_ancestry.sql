-- model_risk.lob_ancestry
-- The team a line of business answers to and the business line it is reported under.
-- grain:    one row per line of business
-- requires: nothing
-- source:   docs/model_risk.md, "Whose model is it?"

CREATE OR REPLACE VIEW model_risk.lob_ancestry AS
SELECT
    unit.lob_id,
    chain.team_id,
    CASE WHEN unit.level <= 5 THEN unit.name ELSE coalesce(chain.line_name, unit.name) END
        AS business_line
FROM model_risk.lob_units AS unit
CROSS JOIN LATERAL (
    WITH RECURSIVE ancestor AS (
        SELECT
            own.lob_id,
            own.parent_id,
            own.team_id,
            own.name,
            own.level,
            0 AS distance
        FROM model_risk.lob_units AS own
        WHERE own.lob_id = unit.lob_id
        UNION ALL
        SELECT
            parent.lob_id,
            parent.parent_id,
            parent.team_id,
            parent.name,
            parent.level,
            child.distance + 1
        FROM ancestor AS child
        INNER JOIN model_risk.lob_units AS parent ON child.parent_id = parent.lob_id
    ) CYCLE lob_id SET is_cycle USING path

    SELECT
        (array_agg(anc.team_id ORDER BY anc.distance) FILTER (WHERE anc.team_id IS NOT NULL))[1]
            AS team_id,
        (array_agg(anc.name ORDER BY anc.distance) FILTER (WHERE anc.level = 5))[1] AS line_name
    FROM ancestor AS anc
    WHERE NOT anc.is_cycle
) AS chain;

COMMENT ON VIEW model_risk.lob_ancestry IS
'team_id: own team or the nearest ancestor''s, NULL when none has one. business_line: the unit itself down to level 5, below that its ancestor at level 5. A circle of parents ends the walk.';

GRANT SELECT ON model_risk.lob_ancestry TO tidemark_app, tidemark_operator;
