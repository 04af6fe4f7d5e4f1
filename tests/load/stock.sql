-- A small domain for the tests of the loader: stock by item and place, one shop each.
CREATE SCHEMA stock;
CREATE TABLE stock.levels (
    shop text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    place_id text COLLATE "C" NOT NULL,
    available integer NOT NULL,
    price numeric(14, 2),
    is_returned boolean,
    updated_at timestamptz,
    note text,
    upload_id bigint NOT NULL,
    PRIMARY KEY (shop, item_id, place_id)
);
CREATE TABLE stock.log (upload_id bigint, event text, at timestamptz DEFAULT clock_timestamp());

CREATE FUNCTION stock.open_upload(p_upload_id bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM load.uploads WHERE upload_id = p_upload_id AND parameters ->> 'shop' = 'closed.example') THEN
        RAISE EXCEPTION USING ERRCODE = 'P0002', MESSAGE = 'the shop is closed', HINT = 'Name another one.';
    END IF;
    INSERT INTO stock.log VALUES (p_upload_id, 'open');
END;
$$;

CREATE FUNCTION stock.end_upload(p_upload_id bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO stock.log SELECT upload_id, load_status FROM load.uploads WHERE upload_id = p_upload_id $$;

CREATE FUNCTION stock.check_levels(p_upload_id bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH late AS (
        SELECT chk.row_no, chk.item_id,
            lead(chk.row_no) OVER (PARTITION BY chk.item_id, chk.place_id ORDER BY chk.row_no) IS NOT NULL AS is_replaced
        FROM pg_temp.checked_rows AS chk WHERE NOT chk.is_rejected
    ),
    gone AS (
        UPDATE pg_temp.checked_rows AS chk SET is_superseded = TRUE
        FROM late WHERE late.row_no = chk.row_no AND late.is_replaced
        RETURNING chk.row_no, chk.item_id
    )
    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value)
    SELECT p_upload_id, row_no, 'warn', 'duplicate_key', 'item_id', item_id FROM gone ORDER BY row_no;
END;
$$;

CREATE FUNCTION stock.merge_levels(p_upload_id bigint) RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_shop text := (SELECT parameters ->> 'shop' FROM load.uploads WHERE upload_id = p_upload_id);
    v_written bigint;
BEGIN
    INSERT INTO stock.levels AS lev (shop, item_id, place_id, available, price, is_returned, updated_at, note, upload_id)
    SELECT v_shop, chk.item_id, chk.place_id, chk.available, chk.price, chk.is_returned, chk.updated_at, chk.note, p_upload_id
    FROM pg_temp.checked_rows AS chk
    WHERE NOT chk.is_rejected AND NOT chk.is_superseded
    ORDER BY chk.item_id, chk.place_id
    ON CONFLICT (shop, item_id, place_id) DO UPDATE
    SET available = excluded.available, price = excluded.price, is_returned = excluded.is_returned,
        updated_at = excluded.updated_at, note = excluded.note, upload_id = excluded.upload_id
    WHERE (lev.available, lev.price, lev.is_returned, lev.updated_at, lev.note)
        IS DISTINCT FROM (excluded.available, excluded.price, excluded.is_returned, excluded.updated_at, excluded.note);
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN jsonb_build_object('written', v_written);
END;
$$;

SELECT load.family(
    'stock', 'Stock of shops', '{"shop": "Domain of the shop", "run": "A group of files"}',
    'stock.open_upload', 'stock.end_upload'
);
SELECT load.dataset(
    'stock.levels', 'stock', 'Stock by item and place', 'stock.merge_levels', 'stock.check_levels',
    kind_names => '{levels,inventory}', detect_position => 1, lock_parameters => '{shop}',
    scope_parameter => 'shop', scope_column => 'shop_id'
);
SELECT load.file_column('stock.levels', 'shop_id', 'text', '{shop_id,shop}');
SELECT load.file_column('stock.levels', 'item_id', 'id', '{item_id}', required => 'item_id', blank_reason => 'missing_key', bad => 'reject');
SELECT load.file_column('stock.levels', 'place_id', 'id', '{place_id}', required => 'place_id', blank_reason => 'missing_key', bad => 'reject');
SELECT load.file_column(
    'stock.levels', 'available', 'int', '{available}', '{quantity,stock}',
    required => 'available', blank_reason => 'missing_value', bad => 'reject'
);
SELECT load.file_column('stock.levels', 'price', 'money', '{price}');
SELECT load.file_column('stock.levels', 'is_returned', 'bool', '{returned}', blank_value => 'false');
SELECT load.file_column('stock.levels', 'updated_at', 'ts', '{updated_at}');
SELECT load.file_column('stock.levels', 'note', 'text', '{note,remark}');

SELECT load.dataset(
    'stock.small', 'stock', 'The same with a cap', 'stock.merge_levels', max_bytes => 1000, max_record_bytes => 300,
    kind_names => '{small}', encoding => 'strict'
);
SELECT load.file_column('stock.small', 'item_id', 'raw', '{item_id}', required => 'item_id');
SELECT load.file_column('stock.small', 'place_id', 'raw', '{place_id}');
SELECT load.file_column('stock.small', 'available', 'int', '{available}', bad => 'reject');
SELECT load.file_column('stock.small', 'price', 'money', '{price}');
SELECT load.file_column('stock.small', 'is_returned', 'bool', '{returned}');
SELECT load.file_column('stock.small', 'updated_at', 'ts', '{updated_at}');
SELECT load.file_column('stock.small', 'note', 'raw', '{note}');
