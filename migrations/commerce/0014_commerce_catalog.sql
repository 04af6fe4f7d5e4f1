-- Commerce: variants, the catalog of each run, and stock.
-- depends: 0013_commerce_sales

CREATE TABLE commerce.variants (
    shop_id text COLLATE "C" NOT NULL,
    variant_id text COLLATE "C" NOT NULL,
    csv_upload_id uuid NOT NULL,
    product_id text COLLATE "C" NOT NULL,
    sku text COLLATE "C",
    variant_title text,
    price numeric(14, 2) NOT NULL,
    compare_at_price numeric(14, 2),
    cost numeric(14, 2),
    inventory_item_id text COLLATE "C",
    inventory_item_created_at timestamptz,
    CONSTRAINT variants_pkey PRIMARY KEY (shop_id, variant_id)
);

COMMENT ON TABLE commerce.variants IS
'What a shop sells, as the newest file that mentions it has it: a variant belongs to the run of that file.';
COMMENT ON COLUMN commerce.variants.compare_at_price IS 'Former price, in the currency of the shop; NULL: none (a 0 in the file is none).';
COMMENT ON COLUMN commerce.variants.cost IS 'What one unit costs the merchant; NULL: unknown.';

CREATE TABLE commerce.catalog_snapshot (
    shop_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    variant_id text COLLATE "C" NOT NULL,
    csv_upload_id uuid NOT NULL,
    product_id text COLLATE "C" NOT NULL,
    product_title text,
    product_type text,
    tags text,
    product_status text,
    vendor text,
    product_created_at timestamptz,
    product_published_at timestamptz,
    sku text COLLATE "C",
    variant_title text,
    price numeric(14, 2) NOT NULL,
    compare_at_price numeric(14, 2),
    cost numeric(14, 2),
    inventory_item_id text COLLATE "C",
    inventory_item_created_at timestamptz,
    available_total integer,
    last_inventory_update timestamptz,
    is_seasonal boolean NOT NULL GENERATED ALWAYS AS (
        coalesce(lower(tags COLLATE "C") ~ 'holiday|festive|gift|christmas|halloween|valentine', false)
    ) STORED,
    is_high_margin boolean NOT NULL GENERATED ALWAYS AS (
        coalesce(compare_at_price > 0 AND price > 0 AND compare_at_price - price > 0.3 * compare_at_price, false)
    ) STORED,
    CONSTRAINT catalog_snapshot_pkey PRIMARY KEY (shop_id, run_id, variant_id)
);

COMMENT ON TABLE commerce.catalog_snapshot IS
'The catalog as each run saw it: product and variant joined, history kept per run.';
COMMENT ON COLUMN commerce.catalog_snapshot.product_status IS 'Upper case: ACTIVE, DRAFT, ARCHIVED and whatever else the shop says.';
COMMENT ON COLUMN commerce.catalog_snapshot.available_total IS 'Units in stock; NULL: not tracked (a -1 in the file).';
COMMENT ON COLUMN commerce.catalog_snapshot.is_seasonal IS
'The tags contain holiday, festive, gift, christmas, halloween or valentine, in any case and inside other words too.';
COMMENT ON COLUMN commerce.catalog_snapshot.is_high_margin IS
'The markdown from compare_at_price is more than 30 %, exactly 30 % is not. The name is historical: the true margin is gross_margin_ratio.';

CREATE TABLE commerce.inventory_levels (
    shop_id text COLLATE "C" NOT NULL,
    inventory_item_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    csv_upload_id uuid NOT NULL,
    available integer NOT NULL,
    updated_at timestamptz,
    CONSTRAINT inventory_levels_pkey PRIMARY KEY (shop_id, inventory_item_id, location_id)
);

COMMENT ON TABLE commerce.inventory_levels IS
'Stock of an item at a location, as the last file has it, whatever its updated_at says.';
COMMENT ON COLUMN commerce.inventory_levels.available IS 'Units; negative: oversold.';

GRANT SELECT ON commerce.variants, commerce.catalog_snapshot, commerce.inventory_levels
TO tidemark_app, tidemark_operator;
