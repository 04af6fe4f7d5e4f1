-- load_internal.visible()
-- A text without the characters that nobody sees.
-- requires: nothing
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.visible(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(
    cell, U&'\00AD\200B\200E\200F\202A\202B\202C\202D\202E\2060\2066\2067\2068\2069\FEFF', ''
);

COMMENT ON FUNCTION load_internal.visible IS
'Without soft hyphens, spaces of no width, word joiners and marks of writing direction. Joiners that change letters (U+200C, U+200D) stay.';
