-- trade.party_rows()
-- The party that a country stands for, as one row for joins.
-- requires: trade.country_code(), trade.country_codes(), trade.is_in_force()
-- source:   docs/trade.md, "Parties"

CREATE OR REPLACE FUNCTION trade.party_rows(p_country text, p_parties text[], p_on date)
RETURNS TABLE (
    party text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN trade.country_code(p_country) = ANY(trade.country_codes(p_parties)) THEN trade.country_code(p_country)
        ELSE (
            SELECT min(mem.party)
            FROM trade.party_members AS mem
            WHERE mem.country = trade.country_code(p_country)
                AND mem.party = ANY(trade.country_codes(p_parties))
                AND trade.is_in_force(mem.member_from, mem.member_to, p_on)
        )
    END;
END;

COMMENT ON FUNCTION trade.party_rows IS
'One row always; NULL: none of the parties. Put into a query by the planner, so that a set costs no call for each row.';

REVOKE ALL ON FUNCTION trade.party_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.party_rows TO tidemark_app, tidemark_operator;
