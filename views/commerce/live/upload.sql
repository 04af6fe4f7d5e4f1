-- commerce.upload
-- Every upload with its run, its canonical upload and the word clients see.
-- grain:    one row per upload
-- requires: commerce.client_status()
-- source:   docs/commerce.md, "Runs and canonical uploads"

CREATE OR REPLACE VIEW commerce.upload AS
SELECT
    upl.id AS csv_upload_id,
    upl.shop_id,
    upl.run_id,
    upl.csv_type,
    upl.filename,
    upl.status,
    commerce.client_status(upl.status) AS client_status,
    upl.error_code,
    upl.error_detail,
    upl.error_message,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    coalesce(
        (
            SELECT can.id
            FROM commerce.csv_uploads AS can
            WHERE can.shop_id = upl.shop_id AND can.run_id = upl.run_id
                AND can.csv_type = 'orders' AND can.status <> 'failed'
            ORDER BY can.created_at DESC, can.upload_no DESC
            LIMIT 1
        ),
        upl.id
    ) AS canonical_upload_id,
    upl.created_at,
    upl.upload_no
FROM commerce.csv_uploads AS upl;

COMMENT ON VIEW commerce.upload IS
'Uploads as services read them. canonical_upload_id owns bundles, association rules and progress of the run: the newest orders upload that did not fail, else the upload itself.';

GRANT SELECT ON commerce.upload TO tidemark_app, tidemark_operator;
