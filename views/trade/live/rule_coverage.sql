-- trade.rule_coverage
-- How many rules an agreement has for the codes of a chapter.
-- grain:    one row per agreement and chapter with rules
-- requires: nothing
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE VIEW trade.rule_coverage AS
SELECT
    own.agreement_code,
    own.hs_chapter,
    own.rule_count,
    known.hs_code_count,
    round(own.rule_count * 100.0 / known.hs_code_count, 2) AS coverage_percent
FROM (
    SELECT rul.agreement_code, rul.hs_chapter, count(*) AS rule_count
    FROM trade.psra_rules AS rul
    GROUP BY rul.agreement_code, rul.hs_chapter
) AS own
INNER JOIN (
    SELECT hsc.chapter, count(*) AS hs_code_count
    FROM trade.hs_codes AS hsc
    GROUP BY hsc.chapter
) AS known ON own.hs_chapter = known.chapter;

COMMENT ON VIEW trade.rule_coverage IS
'All rules, whatever their state; all codes of the chapter, itself included.';
COMMENT ON COLUMN trade.rule_coverage.coverage_percent IS 'Rules per hundred codes.';

GRANT SELECT ON trade.rule_coverage TO tidemark_app, tidemark_operator;
