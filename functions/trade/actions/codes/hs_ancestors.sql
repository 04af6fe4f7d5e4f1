-- trade.hs_ancestors()
-- A code and what it belongs to, up to the root.
-- requires: nothing
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_ancestors(p_code text)
RETURNS TABLE (
    distance integer,
    ancestor text,
    level smallint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        (row_number() OVER (ORDER BY hsc.level DESC) - 1)::integer,
        hsc.code,
        hsc.level
    FROM trade.hs_codes AS hsc
    -- the digits say the way; no step from row to row that could go round
    WHERE hsc.code IN ('TOTAL', left(p_code, 2), left(p_code, 4), p_code)
        AND EXISTS (SELECT FROM trade.hs_codes AS own WHERE own.code = p_code)
    ORDER BY hsc.level DESC;
END;

COMMENT ON FUNCTION trade.hs_ancestors IS
'Distance 0 is the code itself. An unknown code: no rows.';

REVOKE ALL ON FUNCTION trade.hs_ancestors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.hs_ancestors TO tidemark_app, tidemark_operator;
