-- trade.cumulation_zone()
-- Whose materials count as originating.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.cumulation_zone(cumulation text, parties text[], partners text[], exporter text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE cumulation
    WHEN 'none' THEN ARRAY[exporter]
    WHEN 'diagonal' THEN parties || partners
    ELSE parties
END;

COMMENT ON FUNCTION trade.cumulation_zone IS
'exporter: the party of the exporting country.';
