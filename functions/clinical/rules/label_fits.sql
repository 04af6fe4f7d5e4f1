-- clinical.label_fits()
-- Says whether a text is short enough to be told from others.
-- requires: clinical.norm()
-- source:   docs/clinical.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.label_fits(label text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN octet_length(clinical.norm(label)) <= 2600;

COMMENT ON FUNCTION clinical.label_fits IS
'At most 2600 bytes without spaces: an entry of a unique index has at most 2704, with the type of the text and what the server adds. NULL for NULL.';
