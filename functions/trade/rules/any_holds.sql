-- trade.any_holds()
-- Whether one of some holds, in three values.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.any_holds(any_true boolean, any_undecided boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN any_true THEN TRUE WHEN any_undecided THEN NULL ELSE FALSE END;

COMMENT ON FUNCTION trade.any_holds IS
'NULL: undecided.';
