-- trade.rule_candidates()
-- The rules of an agreement that hold for a code on a day.
-- requires: trade.hs_normalise(), trade.is_in_force(), trade.party_rows()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.rule_candidates(p_agreement text, p_hs text, p_on date, p_country text)
RETURNS TABLE (
    rule_id text,
    hs_level smallint,
    priority integer
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT rul.rule_id::text, rul.hs_level, rul.priority
    FROM trade.psra_rules AS rul
    INNER JOIN trade.agreements AS agr ON rul.agreement_code = agr.code
    WHERE rul.agreement_code = p_agreement
        AND rul.hs_chapter = left(trade.hs_normalise(p_hs), 2)
        AND rul.hs_prefix IN (left(trade.hs_normalise(p_hs), 2), left(trade.hs_normalise(p_hs), 4), trade.hs_normalise(p_hs))
        AND trade.is_in_force(agr.effective_date, agr.expiry_date, p_on)
        AND trade.is_in_force(rul.effective_from, rul.effective_to, p_on)
        AND NOT EXISTS (
            SELECT FROM trade.rule_supersessions AS sup
            INNER JOIN trade.psra_rules AS other ON sup.superseding_rule_id = other.rule_id
            WHERE sup.superseded_rule_id = rul.rule_id
                AND other.rule_id <> rul.rule_id
                AND other.agreement_code = rul.agreement_code
                AND trade.is_in_force(other.effective_from, other.effective_to, p_on)
        )
        AND (
            p_country IS NULL
            OR EXISTS (SELECT FROM trade.party_rows(p_country, rul.jurisdictions, p_on) AS own WHERE own.party IS NOT NULL)
        );
END;

COMMENT ON FUNCTION trade.rule_candidates IS
'Unordered. p_country NULL: for any country.';

REVOKE ALL ON FUNCTION trade.rule_candidates FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.rule_candidates TO tidemark_app, tidemark_operator;
