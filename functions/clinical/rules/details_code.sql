-- clinical.details_code()
-- Says what is wrong with the details given for an item of one type.
-- requires: clinical.first_unknown_key(), clinical.is_integer(), clinical.integer_of()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.details_code(item_type text, details jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN details IS NULL OR details = 'null' THEN NULL
    WHEN jsonb_typeof(details) <> 'object' THEN 'value_invalid'
    WHEN clinical.first_unknown_key(details, CASE item_type
        WHEN 'TLF' THEN '{title_id,population_flag_id,ich_category_id}'::text[] ELSE '{label,sorting_order,acronyms}'
    END) IS NOT NULL THEN 'details_not_allowed'
    WHEN EXISTS (
        SELECT FROM jsonb_each(details) AS cell
        WHERE cell.value <> 'null' AND CASE cell.key
            WHEN 'label' THEN jsonb_typeof(cell.value) <> 'string' OR length(cell.value #>> '{}') > 255
            WHEN 'acronyms' THEN jsonb_typeof(cell.value) <> 'string'
            WHEN 'sorting_order' THEN clinical.integer_of(cell.value) IS NULL
            ELSE NOT clinical.is_integer(cell.value)
        END
    ) THEN 'value_invalid'
END;

COMMENT ON FUNCTION clinical.details_code IS
'details_not_allowed: they are of the other type, or of none; value_invalid; NULL: nothing.';
