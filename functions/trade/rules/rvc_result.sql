-- trade.rvc_result()
-- Whether the regional value content is reached.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.rvc_result(method text, vo numeric, vn numeric, vu numeric, percent numeric, price numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN CASE WHEN method = 'build-up' THEN vo ELSE price - vn - vu END * 100 >= percent * price THEN TRUE
    WHEN CASE WHEN method = 'build-up' THEN vo + vu ELSE price - vn END * 100 < percent * price THEN FALSE
END;

COMMENT ON FUNCTION trade.rvc_result IS
'NULL: undecided, and without a price.';
