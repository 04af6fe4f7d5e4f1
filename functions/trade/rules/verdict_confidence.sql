-- trade.verdict_confidence()
-- How sure it is that the product qualifies.
-- requires: nothing
-- source:   docs/trade.md, "The verdict"

CREATE OR REPLACE FUNCTION trade.verdict_confidence(status text, alternative_confidence numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'qualified' THEN coalesce(alternative_confidence, 1) WHEN 'manual_review' THEN 0.5 ELSE 0 END;

COMMENT ON FUNCTION trade.verdict_confidence IS
'Of the alternative chosen; without alternatives it is certain.';
