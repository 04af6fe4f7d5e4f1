-- trade.lines_result()
-- Whether every material is as it must be.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.lines_result(failing bigint, undecided bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN failing > 0 THEN FALSE WHEN undecided > 0 THEN NULL ELSE TRUE END;

COMMENT ON FUNCTION trade.lines_result IS
'NULL: undecided.';
