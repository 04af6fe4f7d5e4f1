-- trade.confidence_level()
-- A confidence in words.
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.confidence_level(confidence numeric)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN confidence >= 0.9 THEN 'very high'
    WHEN confidence >= 0.7 THEN 'high'
    WHEN confidence >= 0.5 THEN 'medium'
    WHEN confidence >= 0.3 THEN 'low'
    ELSE 'very low'
END;

COMMENT ON FUNCTION trade.confidence_level IS
'For display.';
