-- trade.hs_parts()
-- All runs of three characters of a text in small letters, each once.
-- requires: nothing
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_parts(raw text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT DISTINCT substr(lower(raw COLLATE "C"), place, 3)
    FROM generate_series(1, length(raw) - 2) AS place
    ORDER BY 1
);

COMMENT ON FUNCTION trade.hs_parts IS
'A text that contains another has all its runs. Shorter than three: none. A to z are folded, other letters are as they are.';
