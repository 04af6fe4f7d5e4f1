-- Search and tree of tariff codes; docs/golden.md explains the notes.

-- name: hs/expected_hs_normalise.csv
-- key: raw
-- the checker takes an empty text for none
SELECT
    nullif(exp.raw, '') AS raw,
    nullif(trade.hs_normalise(exp.raw), '') AS normalised,
    length(trade.hs_normalise(exp.raw)) = 6 AS is_valid_six
FROM expected_hs_normalise AS exp;

-- name: hs/expected_hs_search.csv
-- key: search_id, position
-- reads: hs/hs_searches.csv (search_id, query, max_rows, chapter)
SELECT
    asked.search_id,
    hit."position",
    hit.code,
    hit.match_class
FROM hs_searches AS asked
CROSS JOIN LATERAL trade.hs_search(asked.query, asked.max_rows::integer, asked.chapter) AS hit;

-- name: hs/expected_hs_ancestors.csv
-- key: code, distance
SELECT
    asked.code,
    anc.distance,
    anc.ancestor,
    anc.level
FROM (SELECT DISTINCT code FROM expected_hs_ancestors) AS asked
CROSS JOIN LATERAL trade.hs_ancestors(asked.code) AS anc;

-- name: hs/expected_hs_subtree.csv
-- key: root, depth
SELECT
    asked.root,
    asked.depth,
    count(sub.code) AS nodes,
    min(sub.code) AS first_code,
    max(sub.code) AS last_code,
    md5(string_agg(sub.code, ',' ORDER BY sub.code)) AS codes_md5
FROM expected_hs_subtree AS asked
LEFT JOIN LATERAL trade.hs_subtree(asked.root, asked.depth::integer) AS sub ON TRUE
GROUP BY asked.root, asked.depth;

-- name: hs/expected_hs_counts.csv
-- key: section, chapter, level
SELECT
    hsc.section::text,
    hsc.chapter,
    hsc.level,
    count(*) AS codes
FROM trade.hs_codes AS hsc
GROUP BY hsc.section, hsc.chapter, hsc.level;
