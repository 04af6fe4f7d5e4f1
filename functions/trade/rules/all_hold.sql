-- trade.all_hold()
-- Whether all of some hold, in three values.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.all_hold(any_false boolean, any_undecided boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN any_false THEN FALSE WHEN any_undecided THEN NULL ELSE TRUE END;

COMMENT ON FUNCTION trade.all_hold IS
'NULL: undecided.';
