-- commerce.velocity_per_day()
-- Units sold a day over the last 60 days.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.velocity_per_day(units_60d bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(units_60d / 60.0, 6);

COMMENT ON FUNCTION commerce.velocity_per_day IS
'Units per day, 6 decimals; negative when more came back than was sold.';
