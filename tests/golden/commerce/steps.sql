-- What a golden case of commerce does between its files.

-- name: prepare
-- The labels of the case, the runs it asks for, and the bundles it could not save.
CREATE TEMPORARY TABLE golden_upload (step_no integer, label text PRIMARY KEY, csv_upload_id uuid);
CREATE TEMPORARY TABLE golden_run (purpose text, shop_id text, run_id text);
CREATE TEMPORARY TABLE golden_save (step_no integer, batch text, save_id bigint);

-- name: note_upload
INSERT INTO golden_upload (step_no, label, csv_upload_id)
SELECT %(step_no)s, %(upload)s, upl.id
FROM commerce.csv_uploads AS upl
WHERE upl.load_upload_id = %(upload_id)s;

-- name: note_runs
-- What the case asks for: pairs of shop and run for each purpose.
INSERT INTO golden_run (purpose, shop_id, run_id)
SELECT purpose.name, pair.value ->> 0, pair.value ->> 1
FROM unnest(ARRAY['rules_for', 'kpi_for', 'generate_bundles_for']) AS purpose (name)
CROSS JOIN jsonb_array_elements(%(document)s::jsonb -> purpose.name) AS pair (value);

-- name: set_day
SELECT set_config('tidemark.golden_as_of', coalesce(%(document)s::jsonb ->> 'as_of', ''), FALSE);

-- name: day
-- The day on which stored views are compared with their live twins.
SELECT left(coalesce(%(document)s::jsonb ->> 'as_of', '2025-06-30'), 10);

-- name: save_bundles
-- Labels of uploads become their ids; one that names none is passed on as it is.
INSERT INTO golden_save (step_no, batch, save_id)
SELECT %(step_no)s, %(batch)s, saved.save_id
FROM (
    SELECT jsonb_agg(
        CASE WHEN upl.label IS NULL THEN entry.record
            ELSE jsonb_set(entry.record, '{upload}', to_jsonb(upl.csv_upload_id::text))
        END ORDER BY entry.item_no
    ) AS bundles
    FROM jsonb_array_elements(%(records)s::jsonb) WITH ORDINALITY AS entry (record, item_no)
    LEFT JOIN golden_upload AS upl ON entry.record ->> 'upload' = upl.label
) AS given
CROSS JOIN LATERAL commerce.save_bundles(coalesce(given.bundles, '[]')) AS saved;

-- name: approve
SELECT commerce.approve_bundle(bun.id)
FROM golden_upload AS upl
CROSS JOIN LATERAL commerce.bundles_of(upl.csv_upload_id, 1000000) AS bun
WHERE upl.label = %(upload)s
    AND bun.dedupe_key = commerce.bundle_dedupe_key(
        'FBT', 'increase_aov', commerce.bundle_variant_ids(%(variant_ids)s::jsonb)
    );

-- name: mine_association_rules
SELECT commerce.mine_association_rules(run.shop_id, run.run_id) FROM golden_run AS run WHERE run.purpose = 'rules_for';

-- name: propose_pair_bundles
SELECT count(*)
FROM golden_run AS run
CROSS JOIN LATERAL commerce.propose_pair_bundles(run.shop_id, run.run_id) AS made
WHERE run.purpose = 'generate_bundles_for';
