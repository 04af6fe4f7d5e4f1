-- Items: what each reporting effort has to deliver, with titles, footnotes and acronyms
-- Efforts differ in size as real ones do: log-normal, the largest some 26 times the median.

CREATE TEMP TABLE generated_item ON COMMIT DROP AS
WITH share AS (
    SELECT
        eff.effort_id,
        eff.target_on,
        eff.is_data_only,
        -- a little more than trackers are asked for: some items have none
        ceil(plan.trackers * 1.012 * eff.weight / sum(eff.weight) OVER ())::integer AS size
    FROM pg_temp.generated_effort AS eff
    CROSS JOIN pg_temp.generated_plan AS plan
    WHERE NOT eff.is_empty
),

numbered AS (
    SELECT
        row_number() OVER (ORDER BY share.effort_id, nth.k) AS n,
        share.effort_id,
        share.target_on,
        share.is_data_only,
        nth.k
    FROM share
    CROSS JOIN LATERAL generate_series(0, share.size - 1) AS nth (k)
),

kinds AS (
    SELECT
        num.*,
        -- the first two of an effort have one code under two subtypes
        num.k > 1 AND (num.is_data_only OR pg_temp.draw(num.n, 30) < 0.24) AS is_data_set,
        CASE WHEN num.k = 0 THEN 'Table' WHEN num.k = 1 THEN 'Figure'
            ELSE pg_temp.choose(pg_temp.draw(num.n, 31), '{0.58,0.85}', '{Table,Listing,Figure}') END AS tlf_subtype,
        pg_temp.choose(pg_temp.draw(num.n, 31), '{0.42}', '{SDTM,ADaM}') AS data_subtype,
        greatest(num.k, 1) AS code_no
    FROM numbered AS num
)

SELECT
    kin.n,
    plan.item_base + kin.n AS item_id,
    -- tracker ids are shuffled in blocks of 50, so that the order of items and of trackers differs
    plan.tracker_base + (kin.n - 1) / 50 * 50
    + row_number() OVER (PARTITION BY (kin.n - 1) / 50 ORDER BY pg_temp.draw(kin.n, 32), kin.n) AS tracker_id,
    kin.effort_id,
    kin.target_on,
    CASE WHEN kin.is_data_set THEN 'Dataset' ELSE 'TLF' END AS item_type,
    CASE WHEN kin.is_data_set THEN kin.data_subtype ELSE kin.tlf_subtype END AS item_subtype,
    CASE
        WHEN kin.is_data_set THEN
            CASE kin.data_subtype WHEN 'ADaM' THEN 'AD' ELSE '' END
            || (ARRAY['DM', 'AE', 'LB', 'VS', 'EX', 'CM', 'MH', 'EG', 'DS', 'SV'])[1 + kin.code_no % 10]
            || CASE WHEN kin.code_no >= 10 THEN (kin.code_no / 10)::text ELSE '' END
        ELSE pg_temp.choose(pg_temp.draw(kin.n, 33), '{0.05,0.92}', ARRAY[upper(code.text COLLATE "C"), code.text, replace(code.text, '.', '_')])
    END AS item_code,
    pg_temp.draw(kin.n, 34) >= 0.04 AS is_active,
    pg_temp.draw(kin.n, 35) >= 0.012 AS has_tracker,
    pg_temp.quarter_hour(plan.as_of - pg_temp.draw_int(kin.n, 36, 5, 200), pg_temp.draw(kin.n, 37)) AS created_at
FROM kinds AS kin
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    SELECT format(
        '%s.%s.%s%s',
        CASE WHEN kin.k < 2 THEN 't14' ELSE CASE kin.tlf_subtype WHEN 'Table' THEN 't14' WHEN 'Listing' THEN 'l16' ELSE 'f14' END END,
        1 + kin.code_no % 5, 1 + kin.code_no / 5 % 40, CASE WHEN kin.code_no >= 200 THEN '.' || kin.code_no / 200 ELSE '' END
    ) AS text
) AS code;

CREATE INDEX ON pg_temp.generated_item (n);
ANALYZE pg_temp.generated_item;

INSERT INTO clinical.reporting_effort_items
(id, reporting_effort_id, source_type, item_type, item_subtype, item_code, is_active, created_at, updated_at)
SELECT
    itm.item_id,
    itm.effort_id,
    pg_temp.choose(pg_temp.draw(itm.n, 38), '{0.50,0.75,0.87,0.95}', '{package,bulk_upload,custom,reporting_effort,NULL}'),
    itm.item_type,
    itm.item_subtype,
    itm.item_code,
    itm.is_active,
    itm.created_at,
    itm.created_at
FROM pg_temp.generated_item AS itm;

INSERT INTO clinical.reporting_effort_tlf_details (reporting_effort_item_id, title_id, population_flag_id, ich_category_id)
SELECT
    itm.item_id,
    CASE WHEN pg_temp.draw(itm.n, 41) < 0.93 THEN ttl.first_id + pg_temp.draw_int(itm.n, 42, 0, ttl.size - 1) END,
    CASE WHEN pg_temp.draw(itm.n, 43) < 0.70 THEN pop.first_id + pg_temp.draw_int(itm.n, 44, 0, pop.size - 1) END,
    CASE WHEN pg_temp.draw(itm.n, 45) < 0.50 THEN ich.first_id + pg_temp.draw_int(itm.n, 46, 0, ich.size - 1) END
FROM pg_temp.generated_item AS itm
INNER JOIN pg_temp.generated_text AS ttl ON ttl.type = 'title'
INNER JOIN pg_temp.generated_text AS pop ON pop.type = 'population_set'
INNER JOIN pg_temp.generated_text AS ich ON ich.type = 'ich_category'
WHERE itm.item_type = 'TLF' AND pg_temp.draw(itm.n, 40) < 0.94;

INSERT INTO clinical.reporting_effort_dataset_details (reporting_effort_item_id, label, sorting_order)
SELECT
    itm.item_id,
    CASE WHEN pg_temp.draw(itm.n, 47) < 0.8 THEN itm.item_code || ' data set' END,
    pg_temp.draw_int(itm.n, 48, 1, 99)
FROM pg_temp.generated_item AS itm
WHERE itm.item_type = 'Dataset' AND pg_temp.draw(itm.n, 40) < 0.90;

-- each next footnote one further in the list of texts, so that none comes twice
INSERT INTO clinical.reporting_effort_item_footnotes (reporting_effort_item_id, footnote_id, sequence_number)
SELECT
    itm.item_id,
    txt.first_id + (pg_temp.draw_int(itm.n, 49, 0, txt.size - 1) + nth.no) % txt.size,
    CASE WHEN pg_temp.draw(itm.n, 50) >= 0.05 THEN nth.no END
FROM pg_temp.generated_item AS itm
INNER JOIN pg_temp.generated_text AS txt ON txt.type = 'footnote'
CROSS JOIN LATERAL generate_series(1, width_bucket(pg_temp.draw(itm.n, 51), '{0.25,0.60,0.85,0.95}')) AS nth (no)
WHERE itm.item_type = 'TLF';

INSERT INTO clinical.reporting_effort_item_acronyms (reporting_effort_item_id, acronym_id)
SELECT
    itm.item_id,
    txt.first_id + (pg_temp.draw_int(itm.n, 52, 0, txt.size - 1) + nth.no) % txt.size
FROM pg_temp.generated_item AS itm
INNER JOIN pg_temp.generated_text AS txt ON txt.type = 'acronyms_set'
CROSS JOIN LATERAL generate_series(1, width_bucket(pg_temp.draw(itm.n, 53), '{0.55,0.80,0.95}')) AS nth (no)
WHERE itm.item_type = 'TLF';

INSERT INTO clinical.packages (id, package_name)
SELECT
    plan.package_base + number.n,
    'Package ' || (plan.package_base + number.n)
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.packages) AS number (n);

INSERT INTO clinical.package_items (id, package_id, item_type, item_subtype, item_code)
SELECT
    plan.package_item_base + (number.n - 1) * 40 + nth.no,
    plan.package_base + number.n,
    CASE WHEN nth.no % 4 = 0 THEN 'Dataset' ELSE 'TLF' END,
    CASE WHEN nth.no % 4 = 0 THEN 'ADaM' ELSE 'Table' END,
    CASE WHEN nth.no % 4 = 0 THEN 'ADP' || nth.no ELSE 't14.9.' || nth.no END
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.packages) AS number (n)
CROSS JOIN generate_series(1, 40) AS nth (no);
