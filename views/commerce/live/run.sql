-- commerce.run
-- The runs of each shop: the files of one synchronisation.
-- grain:    one row per shop and run
-- requires: nothing
-- source:   docs/commerce.md, "Runs and canonical uploads"

CREATE OR REPLACE VIEW commerce.run AS
SELECT
    upl.shop_id,
    upl.run_id,
    count(*) AS uploads,
    max(upl.created_at) AS last_upload_at
FROM commerce.csv_uploads AS upl
WHERE upl.shop_id IS NOT NULL
GROUP BY upl.shop_id, upl.run_id;

COMMENT ON VIEW commerce.run IS
'Every run with at least one upload whose shop is known, failed uploads included.';

GRANT SELECT ON commerce.run TO tidemark_app, tidemark_operator;
