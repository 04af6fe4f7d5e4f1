-- trade.maxnom_result()
-- Whether non-originating materials stay within their share.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.maxnom_result(lo numeric, hi numeric, percent numeric, price numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN hi * 100 <= percent * price OR (price IS NULL AND hi = 0) THEN TRUE
    WHEN lo * 100 > percent * price THEN FALSE
END;

COMMENT ON FUNCTION trade.maxnom_result IS
'lo: their value for certain, hi: at most. NULL: undecided.';
