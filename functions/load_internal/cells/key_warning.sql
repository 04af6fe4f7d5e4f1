-- load_internal.key_warning()
-- What makes a key doubtful although it can be read.
-- requires: load_internal.plain_text(), load_internal.key_text(), load_internal.visible()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.key_warning(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    -- the digits behind are gone, and other keys may look the same now
    WHEN load_internal.key_text(cell) ~ '^[+-]?[0-9]+([.,][0-9]*)?[eE]\+[0-9]{1,3}$' THEN 'scientific_notation'
    WHEN load_internal.key_text(cell) ~ '^#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)$' THEN 'spreadsheet_error'
    WHEN load_internal.visible(load_internal.plain_text(cell)) <> load_internal.plain_text(cell) THEN 'invisible_character'
    -- letter and accent apart: looks like another key and is not equal to it
    WHEN load_internal.key_text(cell) IS NOT NFC NORMALIZED THEN 'decomposed_character'
END;

COMMENT ON FUNCTION load_internal.key_warning IS
'scientific_notation: a spreadsheet made a number of it (5.55512E+12); spreadsheet_error: or an error (#N/A, ####); invisible_character: one that nobody sees was taken away; decomposed_character: an accent is a character of its own; NULL: none of these.';
