-- clinical.item_field_code()
-- Says what is wrong with a value for an optional field of an item that is to be made.
-- requires: clinical.texts_code(), clinical.integer_of(), clinical.is_blank(), clinical.label_fits()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.item_field_code(item_type text, field text, value jsonb, is_required boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = 'null' THEN CASE WHEN is_required THEN 'field_missing' END
    WHEN item_type = 'TLF' AND field = 'footnotes' THEN clinical.texts_code(value, 'footnote_duplicate')
    WHEN item_type = 'TLF' AND field = 'acronyms' THEN clinical.texts_code(value, 'acronym_duplicate')
    WHEN field = 'sorting_order' THEN CASE WHEN clinical.integer_of(value) IS NULL THEN 'value_invalid' END
    WHEN jsonb_typeof(value) <> 'string' THEN 'value_invalid'
    WHEN field = 'label' AND length(value #>> '{}') > 255 THEN 'value_invalid'
    WHEN item_type = 'TLF' AND NOT clinical.label_fits(value #>> '{}') THEN 'value_invalid'
    WHEN is_required AND clinical.is_blank(value #>> '{}') THEN 'value_invalid'
END;

COMMENT ON FUNCTION clinical.item_field_code IS
'NULL: nothing. field: title, population_flag, ich_category, footnotes or acronyms of a TLF, label, sorting_order or acronyms of a Dataset.';
