-- clinical.search_pattern()
-- A search text as a pattern of LIKE for lower-case values.
-- requires: nothing
-- source:   docs/clinical.md, "Search"

CREATE OR REPLACE FUNCTION clinical.search_pattern(q text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN q !~ '\S' THEN NULL
    -- collation: a search is for people, so letters are folded as their database does
    WHEN strpos(q, '*') = 0 THEN '%' || lower(regexp_replace(btrim(q, E' \t\n\r\f'), '([%_\\])', '\\\1', 'g')) || '%'
    -- collation: as above
    ELSE replace(lower(regexp_replace(btrim(q, E' \t\n\r\f'), '([%_\\])', '\\\1', 'g')), '*', '%')
END;

COMMENT ON FUNCTION clinical.search_pattern IS
'A part of the value without *, the whole value with it, * being any run of characters; every other character means itself. NULL, which is no filter, for a blank text.';
