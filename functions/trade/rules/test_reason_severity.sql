-- trade.test_reason_severity()
-- How grave that is.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.test_reason_severity(kind text, result boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN result IS NULL THEN 'medium' WHEN kind IN ('PROCESS', 'WO') THEN 'critical' ELSE 'high' END;

COMMENT ON FUNCTION trade.test_reason_severity IS
'critical, high or medium.';
