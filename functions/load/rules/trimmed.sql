-- load.trimmed()
-- A cell without white space at its ends.
-- requires: nothing
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load.trimmed(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(cell, U&'\0009\000A\000B\000C\000D\0020\00A0\FEFF');

COMMENT ON FUNCTION load.trimmed IS
'Removes blank, tab, line feed, carriage return, vertical tab, form feed, U+00A0 and U+FEFF at both ends, nothing inside.';
