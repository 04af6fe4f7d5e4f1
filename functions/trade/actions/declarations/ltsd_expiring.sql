-- trade.ltsd_expiring()
-- Declarations that end soon.
-- requires: trade.ltsd_days_left(), refresh.as_of_date()
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_expiring(p_within_days integer, p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    id uuid,
    days_left integer
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY dec.valid_to, dec.document_ref, dec.version, dec.id),
        dec.id,
        trade.ltsd_days_left(dec.status, dec.valid_from, dec.valid_to, p_as_of)
    FROM trade.ltsd_declarations AS dec
    WHERE trade.ltsd_days_left(dec.status, dec.valid_from, dec.valid_to, p_as_of) <= p_within_days
        -- said twice: the rule, and what the index on valid_to knows
        AND dec.status = 'active' AND dec.valid_to >= p_as_of AND dec.valid_to <= p_as_of + p_within_days
    ORDER BY dec.valid_to, dec.document_ref, dec.version, dec.id;
END;

COMMENT ON FUNCTION trade.ltsd_expiring IS
'Active on p_as_of, with p_within_days left or fewer. The first to end first.';

REVOKE ALL ON FUNCTION trade.ltsd_expiring FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.ltsd_expiring TO tidemark_app, tidemark_operator;
