-- commerce.check_keyed_rows()
-- Checks a file of variants, catalog or stock: of rows with the same key the last accepted one counts.
-- requires: nothing
-- source:   docs/commerce.md, "Repeated rows"

CREATE OR REPLACE FUNCTION commerce.check_keyed_rows(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_key text := 'variant_id';
    v_rest text := '';  -- the columns of the key after the first
BEGIN
    IF (SELECT upl.dataset_name FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id) = 'commerce.inventory_levels' THEN
        v_key := 'inventory_item_id';
        v_rest := ', location_id';
    END IF;
    EXECUTE format(
        $sql$
        WITH repeated AS (
            SELECT %1$I%2$s, max(row_no) AS last_row_no
            FROM pg_temp.checked_rows
            WHERE NOT is_rejected
            GROUP BY %1$I%2$s
            HAVING count(*) > 1
        ),
        replaced AS (
            UPDATE pg_temp.checked_rows AS checked
            SET is_superseded = true
            FROM repeated
            WHERE (checked.%1$I%3$s) = (repeated.%1$I%4$s)
                AND checked.row_no < repeated.last_row_no
                AND NOT checked.is_rejected
            RETURNING checked.row_no, checked.%1$I AS key_value
        )
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value)
        SELECT $1, replaced.row_no, 'warn', 'duplicate_key', %1$L, left(replaced.key_value, 200)
        FROM replaced
        $sql$,
        v_key, v_rest, replace(v_rest, ', ', ', checked.'), replace(v_rest, ', ', ', repeated.')
    ) USING p_upload_id;
END;
$$;

COMMENT ON FUNCTION commerce.check_keyed_rows IS
'Called by the loader. Earlier rows are superseded with warning duplicate_key, whatever their timestamps say; a rejected row replaces nothing.';

REVOKE ALL ON FUNCTION commerce.check_keyed_rows FROM PUBLIC;
