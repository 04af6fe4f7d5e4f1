-- commerce.tg_csv_uploads_after_delete_guard()
-- Keeps an upload as long as rows of it exist.
-- requires: nothing
-- source:   docs/commerce.md, "Tables"
-- Instead of four foreign keys: those would look up the upload again for every single row of a file.

CREATE OR REPLACE FUNCTION commerce.tg_csv_uploads_after_delete_guard()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload_id uuid;
BEGIN
    SELECT gone.id INTO v_upload_id
    FROM old_rows AS gone
    WHERE EXISTS (SELECT FROM commerce.order_lines AS line WHERE line.csv_upload_id = gone.id)
        OR EXISTS (SELECT FROM commerce.variants AS var WHERE var.csv_upload_id = gone.id)
        OR EXISTS (SELECT FROM commerce.catalog_snapshot AS cat WHERE cat.csv_upload_id = gone.id)
        OR EXISTS (SELECT FROM commerce.inventory_levels AS lev WHERE lev.csv_upload_id = gone.id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'foreign_key_violation',
            MESSAGE = format('upload %s still has rows', v_upload_id),
            DETAIL = 'Its order lines, variants, catalog rows or stock levels name it as their origin.',
            HINT = 'Delete those rows first, or keep the upload.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION commerce.tg_csv_uploads_after_delete_guard IS
'Raises 23503 when a deleted upload is named by data rows.';

REVOKE ALL ON FUNCTION commerce.tg_csv_uploads_after_delete_guard FROM PUBLIC;

CREATE OR REPLACE TRIGGER csv_uploads_after_delete_guard
AFTER DELETE ON commerce.csv_uploads
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION commerce.tg_csv_uploads_after_delete_guard();
