-- Imports of tariff codes as jobs; docs/golden.md explains the notes.

-- name: jobs/expected_bulk_results.csv
-- key: batch
SELECT
    own.batch,
    (own.answer #>> '{result,imported}')::integer AS imported,
    (own.answer #>> '{result,errors}')::integer AS errors,
    (own.answer #>> '{result,total}')::integer AS total
FROM answered AS own
WHERE own.answer ? 'result';

-- name: jobs/expected_bulk_progress.csv
-- key: batch, position
SELECT
    own.batch,
    own.step_no AS position,
    CASE WHEN own.answer ? 'state' THEN (own.answer #>> '{state,next}')::integer - 1 END AS after_item,
    coalesce((own.answer ->> 'progress')::integer, 100) AS progress
FROM answered AS own;
