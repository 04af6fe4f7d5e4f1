-- trade.rule_lookup()
-- The rules for a code on a day, the one that applies first.
-- requires: trade.rule_candidates()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.rule_lookup(p_agreement text, p_hs text, p_on date, p_country text DEFAULT NULL)
RETURNS TABLE (
    rank bigint,
    rule_id text,
    hs_level smallint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY can.hs_level DESC, can.priority, can.rule_id COLLATE "C"),
        can.rule_id,
        can.hs_level
    FROM trade.rule_candidates(p_agreement, p_hs, p_on, p_country) AS can
    ORDER BY can.hs_level DESC, can.priority, can.rule_id COLLATE "C";
END;

COMMENT ON FUNCTION trade.rule_lookup IS
'Longer prefix, then lower priority number, then rule_id. No row: no rule.';

REVOKE ALL ON FUNCTION trade.rule_lookup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.rule_lookup TO tidemark_app, tidemark_operator;
