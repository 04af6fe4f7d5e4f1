-- trade.hs_subtree()
-- A code and what belongs to it, some steps down.
-- requires: nothing
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_subtree(p_code text, p_depth integer DEFAULT NULL)
RETURNS TABLE (
    code text,
    description text,
    level smallint,
    parent text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT hsc.code, hsc.description, hsc.level, hsc.parent
    FROM trade.hs_codes AS own
    INNER JOIN trade.hs_codes AS hsc
        -- ':' comes after '9': all that begins with the code
        ON (own.level = 0 OR (hsc.code >= own.code AND hsc.code < own.code || ':'))
            AND (p_depth IS NULL OR hsc.level <= own.level + 2 * p_depth)
    WHERE own.code = p_code
    ORDER BY hsc.code;
END;

COMMENT ON FUNCTION trade.hs_subtree IS
'Depth 0: the code alone; NULL: everything. An unknown code: no rows.';

REVOKE ALL ON FUNCTION trade.hs_subtree FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.hs_subtree TO tidemark_app, tidemark_operator;
