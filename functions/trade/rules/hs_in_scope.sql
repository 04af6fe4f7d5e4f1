-- trade.hs_in_scope()
-- Whether a code lies under one of some prefixes.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.hs_in_scope(code text, scope text[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN EXISTS (SELECT FROM unnest(scope) AS part (prefix) WHERE starts_with(code, part.prefix)) THEN TRUE
    WHEN EXISTS (SELECT FROM unnest(scope) AS part (prefix) WHERE starts_with(part.prefix, code)) THEN NULL
    ELSE FALSE
END;

COMMENT ON FUNCTION trade.hs_in_scope IS
'NULL: the code is too short to tell.';
