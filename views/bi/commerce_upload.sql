-- bi.commerce_upload
-- Every file of a shop and what became of it.
-- grain:    one row per upload
-- requires: commerce.upload, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_upload WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    opened.upload_id,
    opened.shop_id,
    opened.run_id,
    opened.csv_type,
    opened.file_name,
    opened.upload_status,
    opened.client_status,
    opened.error_code,
    opened.error_message,
    opened.total_row_count,
    opened.processed_row_count,
    opened.rejected_row_count,
    opened.superseded_row_count,
    opened.created_at
FROM (  -- around the UNION ALL: a column that nobody asks for is not computed
    SELECT
        upl.csv_upload_id AS upload_id,
        upl.shop_id,
        upl.run_id,
        upl.csv_type,
        upl.filename AS file_name,
        upl.status AS upload_status,
        upl.client_status,
        upl.error_code,
        upl.error_message,
        upl.total_rows AS total_row_count,
        upl.processed_rows AS processed_row_count,
        upl.rejected_rows AS rejected_row_count,
        upl.superseded_rows AS superseded_row_count,
        upl.created_at
    FROM commerce.upload AS upl
    WHERE (SELECT reader.sees_all FROM reader)
    UNION ALL
    SELECT
        upl.csv_upload_id,
        upl.shop_id,
        upl.run_id,
        upl.csv_type,
        upl.filename,
        upl.status,
        upl.client_status,
        upl.error_code,
        upl.error_message,
        upl.total_rows,
        upl.processed_rows,
        upl.rejected_rows,
        upl.superseded_rows,
        upl.created_at
    FROM commerce.upload AS upl
    WHERE upl.shop_id = ANY((SELECT reader.shops FROM reader)::text[])
) AS opened;

COMMENT ON VIEW bi.commerce_upload IS
'Uploads. Grain: one row per file. Key: upload_id. Data as of: now.';
COMMENT ON COLUMN bi.commerce_upload.upload_id IS 'Number of the upload.';
COMMENT ON COLUMN bi.commerce_upload.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_upload.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_upload.csv_type IS 'orders, variants, catalog_joined or inventory_levels; NULL: unknown.';
COMMENT ON COLUMN bi.commerce_upload.file_name IS 'Name of the file.';
COMMENT ON COLUMN bi.commerce_upload.upload_status IS 'Status in full, generation of bundles included.';
COMMENT ON COLUMN bi.commerce_upload.client_status IS 'processing, completed, generating_bundles or failed.';
COMMENT ON COLUMN bi.commerce_upload.error_code IS 'Why the file failed as a whole; NULL: it did not.';
COMMENT ON COLUMN bi.commerce_upload.error_message IS 'The same in a sentence.';
COMMENT ON COLUMN bi.commerce_upload.total_row_count IS 'Records of the file.';
COMMENT ON COLUMN bi.commerce_upload.processed_row_count IS 'Records without those rejected; 0 when the file failed.';
COMMENT ON COLUMN bi.commerce_upload.rejected_row_count IS 'Records not loaded, each with a reason.';
COMMENT ON COLUMN bi.commerce_upload.superseded_row_count IS 'Processed records that gave way to another record of the file.';
COMMENT ON COLUMN bi.commerce_upload.created_at IS 'When it was registered (timestamptz).';

GRANT SELECT ON bi.commerce_upload TO tidemark_bi;
