-- commerce.check_keyed_rows()
-- Checks a file of variants, catalog or stock: of rows with the same key the last accepted one counts.
-- requires: commerce.supersede_repeats()
-- source:   docs/commerce.md, "Repeated rows"

CREATE OR REPLACE FUNCTION commerce.check_keyed_rows(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT upl.dataset_name FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id) = 'commerce.inventory_levels' THEN
        PERFORM commerce.supersede_repeats(p_upload_id, ARRAY['inventory_item_id', 'location_id'], 'inventory_item_id');
    ELSE
        PERFORM commerce.supersede_repeats(p_upload_id, ARRAY['variant_id'], 'variant_id');
    END IF;
END;
$$;

COMMENT ON FUNCTION commerce.check_keyed_rows IS
'Called by the loader. Earlier rows are superseded with warning duplicate_key.';

REVOKE ALL ON FUNCTION commerce.check_keyed_rows FROM PUBLIC;
