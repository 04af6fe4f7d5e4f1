-- clinical.texts_code()
-- Says what is wrong with a list of texts for one item.
-- requires: clinical.is_blank(), clinical.norm(), clinical.label_fits()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.texts_code(given jsonb, repeated_code text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN given IS NULL OR given = 'null' THEN NULL
    WHEN jsonb_typeof(given) <> 'array' THEN 'value_invalid'
    ELSE (
        SELECT CASE
            WHEN bool_or(
                jsonb_typeof(own.value) <> 'string' OR clinical.is_blank(own.value #>> '{}') OR NOT clinical.label_fits(own.value #>> '{}')
            ) THEN 'value_invalid'
            WHEN count(DISTINCT clinical.norm(own.value #>> '{}')) < count(*) THEN repeated_code
        END
        FROM jsonb_array_elements(given) AS own (value)
    )
END;

COMMENT ON FUNCTION clinical.texts_code IS
'value_invalid: no list, or an entry is no text, blank or too long; repeated_code: one text twice, case and spaces apart; NULL: nothing.';
