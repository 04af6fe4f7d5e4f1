-- Which rules apply, and where they stand; docs/golden.md explains the notes.

-- name: lookup/expected_rule_lookup.csv
-- key: lookup_id, rank
-- reads: lookup/lookups.csv (lookup_id, agreement_code, hs_code, on_date, country)
SELECT
    asked.lookup_id,
    rul.rank,
    rul.rule_id,
    rul.hs_level
FROM lookups AS asked
CROSS JOIN LATERAL trade.rule_lookup(asked.agreement_code, asked.hs_code, asked.on_date::date, asked.country) AS rul;

-- name: lookup/expected_rule_state.csv
-- key: as_of, rule_id
SELECT
    day.as_of,
    sta.rule_id::text,
    sta.state,
    sta.next_transition
FROM (SELECT DISTINCT as_of FROM expected_rule_state) AS day
CROSS JOIN LATERAL trade.rule_state_at(day.as_of::date) AS sta;

-- name: lookup/expected_rules_by_chapter.csv
-- key: agreement_code, hs_chapter, as_of, position
SELECT
    asked.agreement_code,
    asked.hs_chapter,
    asked.as_of,
    rul."position",
    rul.rule_id,
    rul.hs_level,
    rul.priority,
    rul.state
FROM (SELECT DISTINCT agreement_code, hs_chapter, as_of FROM expected_rules_by_chapter) AS asked
CROSS JOIN LATERAL trade.rules_by_chapter(asked.agreement_code, asked.hs_chapter, asked.as_of::date) AS rul;

-- name: lookup/expected_rule_coverage.csv
-- key: agreement_code, hs_chapter
SELECT
    cov.agreement_code::text,
    cov.hs_chapter::text,
    cov.rule_count,
    cov.hs_code_count,
    cov.coverage_percent
FROM trade.rule_coverage AS cov;
