-- Imports of tariff codes; docs/golden.md explains the notes.

-- name: jobs/expected_bulk_items.csv
-- key: batch, item_no
SELECT
    own.batch,
    own.item_no,
    own.code,
    own.action,
    own.error
FROM imported AS own;
