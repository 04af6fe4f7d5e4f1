-- clinical.is_blank()
-- Says whether a text has nothing to read.
-- requires: nothing
-- source:   docs/clinical.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.is_blank(given text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given IS NULL OR given !~ '\S';

COMMENT ON FUNCTION clinical.is_blank IS
'True for NULL, for the empty text and for white space only. Never NULL.';
