-- trade.party_of()
-- The party that a country stands for on a day.
-- requires: trade.party_rows()
-- source:   docs/trade.md, "Parties"

CREATE OR REPLACE FUNCTION trade.party_of(p_country text, p_parties text[], p_on date)
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT own.party FROM trade.party_rows(p_country, p_parties, p_on) AS own;
END;

COMMENT ON FUNCTION trade.party_of IS
'The country itself if it is listed, else the first listed group it is a member of that day; NULL: none.';

REVOKE ALL ON FUNCTION trade.party_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.party_of TO tidemark_app, tidemark_operator;
