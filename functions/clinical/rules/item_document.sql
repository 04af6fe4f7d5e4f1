-- clinical.item_document()
-- One item as the functions that write items take it.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.item_document(
    item_type text, item_subtype text, item_code text, details jsonb, footnote_ids integer[], sequence_numbers integer[], acronym_ids integer[]
)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object(
    'row_no', 1, 'item_type', item_type, 'item_subtype', item_subtype, 'item_code', item_code, 'details', details,
    'is_active', TRUE, 'source_type', 'custom',
    'footnotes', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('footnote_id', own.id, 'sequence_number', own.sequence_number)), '[]')
        -- numbers that were not given are not known
        FROM unnest(footnote_ids, sequence_numbers) AS own (id, sequence_number)
        WHERE own.id IS NOT NULL
    ),
    'acronyms', to_jsonb(coalesce(acronym_ids, '{}'))
);

COMMENT ON FUNCTION clinical.item_document IS
'sequence_numbers stand beside footnote_ids.';
