-- refresh.now()
-- The one clock of rules and live views: the present moment, or the one chosen by the setting tidemark.as_of.
-- requires: refresh.instant_of(), refresh.time_zone()
-- source:   docs/refresh.md, "The clock"

CREATE OR REPLACE FUNCTION refresh.now()
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN COALESCE(current_setting('tidemark.as_of', TRUE), '') = '' THEN pg_catalog.now()
    ELSE refresh.instant_of(current_setting('tidemark.as_of', TRUE), refresh.time_zone())
END;

COMMENT ON FUNCTION refresh.now IS
'Start of the transaction, or the instant in tidemark.as_of; a plain day there means its first moment in the business time zone.';
