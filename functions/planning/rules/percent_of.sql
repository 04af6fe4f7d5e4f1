-- planning.percent_of()
-- A part of a whole in percent.
-- requires: nothing
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE FUNCTION planning.percent_of(part numeric, whole numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole = 0 THEN 0.0000 ELSE round(part * 100 / whole, 4) END;

COMMENT ON FUNCTION planning.percent_of IS
'With four decimals; 0 of nothing.';
