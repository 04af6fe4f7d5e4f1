-- trade.found_rules()
-- The rule for each of some assessments.
-- requires: trade.rule_candidates()
-- source:   docs/trade.md, "The verdict"

CREATE OR REPLACE FUNCTION trade.found_rules(p_assessment_ids uuid[])
RETURNS TABLE (
    assessment_id uuid,
    rule_id text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        ass.assessment_id,
        (
            SELECT can.rule_id
            FROM trade.rule_candidates(ass.agreement_code, ass.product_hs, ass.effective_date, ass.export_country) AS can
            ORDER BY can.hs_level DESC, can.priority, can.rule_id COLLATE "C"
            LIMIT 1
        )
    FROM (SELECT DISTINCT asked.id FROM unnest(p_assessment_ids) AS asked (id)) AS asked
    INNER JOIN trade.assessments AS ass ON asked.id = ass.assessment_id;
END;

COMMENT ON FUNCTION trade.found_rules IS
'NULL: there is none.';

REVOKE ALL ON FUNCTION trade.found_rules FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.found_rules TO tidemark_app, tidemark_operator;
