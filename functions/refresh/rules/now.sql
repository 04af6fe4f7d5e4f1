-- refresh.now()
-- The one clock of rules and live views: the present moment, or the one chosen by the setting tidemark.as_of.
-- requires: refresh_internal.instant_of(), refresh.time_zone()
-- source:   docs/refresh.md, "The clock"
-- tidemark-ignore: clock-call because this is the clock that everything else asks

CREATE OR REPLACE FUNCTION refresh.now()
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN COALESCE(current_setting('tidemark.as_of', TRUE), '') = '' THEN pg_catalog.now()
    -- a plain day, the usual case, stays inlined: a call of instant_of() costs ten times as much
    WHEN current_setting('tidemark.as_of', TRUE) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        THEN current_setting('tidemark.as_of', TRUE)::date::timestamp AT TIME ZONE refresh.time_zone()
    ELSE refresh_internal.instant_of(current_setting('tidemark.as_of', TRUE), refresh.time_zone())
END;

COMMENT ON FUNCTION refresh.now IS
'Start of the transaction, or the instant in tidemark.as_of; a plain day there means its first moment in the business time zone.';
