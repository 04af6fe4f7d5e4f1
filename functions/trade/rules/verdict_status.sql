-- trade.verdict_status()
-- The verdict.
-- requires: nothing
-- source:   docs/trade.md, "The verdict"

CREATE OR REPLACE FUNCTION trade.verdict_status(failure_count bigint, origin_result boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN failure_count > 0 OR NOT origin_result THEN 'disqualified'
    WHEN origin_result THEN 'qualified'
    ELSE 'manual_review'
END;

COMMENT ON FUNCTION trade.verdict_status IS
'failure_count: of declared checks. origin_result: of the alternatives; true without any, NULL: undecided.';
