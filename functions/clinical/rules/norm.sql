-- clinical.norm()
-- The form in which labels are compared.
-- requires: nothing
-- source:   docs/clinical.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.norm(label text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN upper(replace(label, ' ', '') COLLATE "C");

COMMENT ON FUNCTION clinical.norm IS
'Without spaces (no other white space), a to z in capitals. The unique indexes on labels are on this expression.';
