-- load_internal.key_warning()
-- What makes a key doubtful although it can be read.
-- requires: load_internal.plain_text(), load_internal.key_text()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.key_warning(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    -- the digits behind are gone, and other keys may look the same now
    WHEN load_internal.key_text(cell) ~ '^[+-]?[0-9]+([.,][0-9]*)?[eE]\+[0-9]{1,3}$' THEN 'scientific_notation'
    WHEN translate(load_internal.plain_text(cell), U&'\200B\2060\FEFF', '') <> load_internal.plain_text(cell)
        THEN 'invisible_character'
END;

COMMENT ON FUNCTION load_internal.key_warning IS
'scientific_notation: a spreadsheet made a number of it (5.55512E+12); invisible_character: one without width was taken away; NULL: neither.';
