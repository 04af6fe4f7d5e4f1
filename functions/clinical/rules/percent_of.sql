-- clinical.percent_of()
-- A part of a whole in whole percent.
-- requires: nothing
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE FUNCTION clinical.percent_of(part bigint, whole bigint)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole = 0 THEN 0 ELSE (200 * part + whole) / (2 * whole) END;

COMMENT ON FUNCTION clinical.percent_of IS
'Half up, in whole numbers; 0 of nothing. Neither may be negative.';
