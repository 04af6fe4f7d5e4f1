-- load_internal.key_text()
-- The text of a cell that serves as a key: what nobody sees in it is no part of it.
-- requires: load_internal.plain_text(), load_internal.visible()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.key_text(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(nullif(nullif(
    regexp_replace(load_internal.visible(load_internal.plain_text(cell)), '^''(?=[-0-9=+@])', ''), ''
), 'NULL'), 'null');

COMMENT ON FUNCTION load_internal.key_text IS
'Without marks of text (="0012346", ''0012346) and characters that nobody sees; NULL when blank: empty, NULL or null.';
