-- trade.test_reason_code()
-- The reason that a test gives when it is not met.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.test_reason_code(kind text, result boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN result IS NULL THEN 'INSUFFICIENT_DATA' ELSE CASE kind
    WHEN 'CTC' THEN 'TARIFF_SHIFT_NOT_MET'
    WHEN 'MAXNOM' THEN 'MAXNOM_EXCEEDED'
    WHEN 'RVC' THEN 'RVC_BELOW_MINIMUM'
    WHEN 'PROCESS' THEN 'REQUIRED_PROCESS_MISSING'
    WHEN 'WO' THEN 'NOT_WHOLLY_OBTAINED'
    WHEN 'PE' THEN 'NOT_EXCLUSIVELY_ORIGINATING'
END END;

COMMENT ON FUNCTION trade.test_reason_code IS
'result NULL: it could not be decided.';
