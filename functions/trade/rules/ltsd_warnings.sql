-- trade.ltsd_warnings()
-- What is odd about the period of a declaration.
-- requires: nothing
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_warnings(valid_from date, valid_to date, issued_at timestamptz)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(ARRAY[
    CASE WHEN valid_to > valid_from + interval '24 months' THEN 'PERIOD_TOO_LONG' END,
    CASE WHEN valid_from < (issued_at AT TIME ZONE 'UTC')::date - interval '12 months' THEN 'STARTS_TOO_EARLY' END,
    CASE WHEN valid_from > (issued_at AT TIME ZONE 'UTC')::date + interval '6 months' THEN 'STARTS_TOO_LATE' END
], NULL);

COMMENT ON FUNCTION trade.ltsd_warnings IS
'The last two need an issue date. Months end where a month ends.';
