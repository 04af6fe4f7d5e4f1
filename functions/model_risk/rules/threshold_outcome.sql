-- model_risk.threshold_outcome()
-- The colour of a measured value.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing monitoring results"

CREATE OR REPLACE FUNCTION model_risk.threshold_outcome(
    numeric_value double precision,
    yellow_min double precision,
    yellow_max double precision,
    red_min double precision,
    red_max double precision
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN numeric_value IS NULL THEN NULL
    WHEN coalesce(yellow_min, yellow_max, red_min, red_max) IS NULL THEN 'UNCONFIGURED'
    WHEN numeric_value < red_min OR numeric_value > red_max THEN 'RED'
    WHEN numeric_value < yellow_min OR numeric_value > yellow_max THEN 'YELLOW'
    ELSE 'GREEN'
END;

COMMENT ON FUNCTION model_risk.threshold_outcome IS
'RED outside the red bounds, YELLOW outside the yellow ones, else GREEN; a bound itself is inside, a missing bound never fires. UNCONFIGURED without any bound.';
