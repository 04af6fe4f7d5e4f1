-- clinical.subtype_fits()
-- Says whether an item of one type can have a subtype.
-- requires: nothing
-- source:   docs/clinical.md, "Items"

CREATE OR REPLACE FUNCTION clinical.subtype_fits(item_type text, item_subtype text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(
    CASE item_type
        WHEN 'TLF' THEN item_subtype IN ('Table', 'Listing', 'Figure')
        WHEN 'Dataset' THEN item_subtype IN ('SDTM', 'ADaM')
    END,
    FALSE
);

COMMENT ON FUNCTION clinical.subtype_fits IS
'False for unknown types and for NULL. The checks of both tables of items say the same.';
