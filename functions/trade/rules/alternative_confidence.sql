-- trade.alternative_confidence()
-- How sure a met alternative is.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.alternative_confidence(uses_tolerance boolean, leans_on_partners boolean, is_close boolean, has_unknown_lines boolean)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1.00 - CASE WHEN uses_tolerance THEN 0.10 ELSE 0 END - CASE WHEN leans_on_partners THEN 0.05 ELSE 0 END
- CASE WHEN is_close THEN 0.15 ELSE 0 END - CASE WHEN has_unknown_lines THEN 0.10 ELSE 0 END;

COMMENT ON FUNCTION trade.alternative_confidence IS
'leans_on_partners: materials of other parties were counted. is_close: a value passed by less than two percentage points.';
