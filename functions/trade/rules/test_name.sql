-- trade.test_name()
-- A kind of test in words.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.test_name(kind text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind
    WHEN 'CTC' THEN 'tariff shift'
    WHEN 'MAXNOM' THEN 'maximum non-originating share'
    WHEN 'RVC' THEN 'regional value content'
    WHEN 'WO' THEN 'wholly obtained'
    WHEN 'PE' THEN 'exclusively originating materials'
    WHEN 'PROCESS' THEN 'processing'
END;

COMMENT ON FUNCTION trade.test_name IS
'As reasons call it.';
