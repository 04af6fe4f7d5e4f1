-- refresh.dependency
-- Which stored view is built on which, directly or through others.
-- grain:    one row per stored view and stored view below it
-- requires: nothing
-- source:   docs/refresh.md, "Cascades"

CREATE OR REPLACE VIEW refresh.dependency AS
WITH RECURSIVE chain AS (
    SELECT vs.view_id, vs.source_view_id, 1 AS distance
    FROM refresh.view_sources AS vs
    WHERE vs.source_view_id IS NOT NULL AND vs.mapping_kind <> 'none'
    UNION
    SELECT chain.view_id, vs.source_view_id, chain.distance + 1
    FROM chain
    INNER JOIN refresh.view_sources AS vs ON chain.source_view_id = vs.view_id
    WHERE vs.source_view_id IS NOT NULL AND vs.mapping_kind <> 'none' AND chain.distance < 100
)

SELECT
    chain.view_id,
    chain.source_view_id,
    max(chain.distance) AS distance
FROM chain
GROUP BY chain.view_id, chain.source_view_id;

COMMENT ON VIEW refresh.dependency IS
'Read from the catalogue when a view is declared. distance: steps on the longest way down, 1 for a direct source.';

GRANT SELECT ON refresh.dependency TO tidemark_operator;
