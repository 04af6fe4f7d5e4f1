-- trade.ctc_digits()
-- How many digits of the code must differ.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.ctc_digits(ctc_level text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE ctc_level WHEN 'CC' THEN 2 WHEN 'CTH' THEN 4 WHEN 'CTSH' THEN 6 END;

COMMENT ON FUNCTION trade.ctc_digits IS
'Chapter, heading or subheading.';
