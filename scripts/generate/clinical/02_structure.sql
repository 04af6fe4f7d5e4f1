-- Structure: users, studies with their releases and efforts, texts, tags

INSERT INTO clinical.users (id, username, email, role, department, is_active, created_at, updated_at)
SELECT
    made.id,
    'user' || made.id,
    CASE WHEN pg_temp.draw(made.n, 10) >= 0.02 THEN format('user%s@sponsor.example', made.id) END,
    made.role,
    CASE WHEN pg_temp.draw(made.n, 11) >= 0.02 THEN made.department END,
    made.n <= 3 OR pg_temp.draw(made.n, 12) >= 0.06,
    made.stamp,
    made.stamp
FROM (
    SELECT
        number.n,
        plan.user_base + number.n AS id,
        CASE
            WHEN number.n = 1 THEN 'ADMIN'
            WHEN number.n = 2 THEN 'EDITOR'
            WHEN number.n = 3 THEN 'VIEWER'
            ELSE pg_temp.choose(pg_temp.draw(number.n, 13), '{0.03,0.75}', '{ADMIN,EDITOR,VIEWER}')
        END AS role,
        pg_temp.choose(pg_temp.draw(number.n, 14), '{0.60,0.85}', '{programming,biostatistics,management}') AS department,
        pg_temp.quarter_hour(plan.as_of - pg_temp.draw_int(number.n, 15, 200, 600), pg_temp.draw(number.n, 16)) AS stamp
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(1, plan.users) AS number (n)
) AS made;

INSERT INTO clinical.studies (id, study_label)
SELECT
    plan.study_base + number.n,
    format('%s %s', (ARRAY['ABC', 'XYZ', 'ONC', 'CVD'])[1 + number.n % 4], lpad((plan.study_base + number.n)::text, 4, '0'))
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.studies) AS number (n);

-- one to three releases a study
INSERT INTO clinical.database_releases (id, study_id, database_release_label)
SELECT
    plan.release_base + row_number() OVER (ORDER BY number.n, nth.no),
    plan.study_base + number.n,
    (ARRAY['DBL Interim 1', 'DBL Primary', 'DBL Final'])[nth.no]
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.studies) AS number (n)
CROSS JOIN LATERAL generate_series(1, pg_temp.draw_int(number.n, 20, 1, 3)) AS nth (no);

-- efforts in turn over the releases; labels repeat across studies
CREATE TEMP TABLE generated_effort ON COMMIT DROP AS
SELECT
    number.n,
    plan.effort_base + number.n AS effort_id,
    rel.id AS release_id,
    rel.study_id,
    (number.n - 1) / rel.total AS round,
    plan.as_of + pg_temp.draw_int(number.n, 21, -60, 120) AS target_on,
    pg_temp.draw(number.n, 22) < 0.01 AND number.n > 4 AS is_empty,
    pg_temp.draw(number.n, 23) < 0.01 AND number.n > 4 AS is_data_only,
    least(
        exp(0.9 * sqrt(-2 * ln(1 - pg_temp.draw(number.n, 24))) * cos(2 * pi() * pg_temp.draw(number.n, 25))), 26
    ) AS weight
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.efforts) AS number (n)
INNER JOIN (
    SELECT
        own.id,
        own.study_id,
        row_number() OVER (ORDER BY own.id) AS no,
        count(*) OVER () AS total
    FROM clinical.database_releases AS own
    INNER JOIN pg_temp.generated_plan AS plan ON own.id > plan.release_base
) AS rel ON 1 + (number.n - 1) % rel.total = rel.no;

INSERT INTO clinical.reporting_efforts (id, study_id, database_release_id, reporting_effort_label)
SELECT
    eff.effort_id,
    eff.study_id,
    eff.release_id,
    (ARRAY['CSR', 'Topline', 'DSMB', 'IB Update', 'ISS', 'ISE'])[1 + eff.round % 6] || CASE WHEN eff.round >= 6 THEN ' ' || (eff.round / 6 + 1) ELSE '' END
FROM pg_temp.generated_effort AS eff;

INSERT INTO clinical.text_elements (id, type, label)
SELECT
    plan.text_base + row_number() OVER (ORDER BY kind.no, number.n),
    kind.type,
    CASE kind.type
        WHEN 'title' THEN format(
            '%s of %s, Part %s',
            (ARRAY['Summary', 'Listing', 'Change from Baseline', 'Kaplan-Meier Plot', 'Shift Table'])[1 + number.n % 5],
            (ARRAY['Adverse Events', 'Laboratory Values', 'Vital Signs', 'Exposure', 'Progression-Free Survival', 'Medical History'])[1 + number.n / 5 % 6],
            plan.text_base + number.n
        )
        WHEN 'footnote' THEN format('Footnote %s: percentages are of the population; see the analysis plan.', plan.text_base + number.n)
        WHEN 'population_set' THEN 'Population ' || (plan.text_base + number.n)
        WHEN 'acronyms_set' THEN format('AC%s = acronym %s', plan.text_base + number.n, number.n)
        ELSE 'ICH E3 section ' || (plan.text_base + number.n)
    END
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    VALUES (1, 'title', plan.titles), (2, 'footnote', plan.footnotes), (3, 'population_set', 10), (4, 'acronyms_set', plan.acronyms),
    (5, 'ich_category', 12)
) AS kind (no, type, size)
CROSS JOIN LATERAL generate_series(1, kind.size) AS number (n);

CREATE TEMP TABLE generated_text ON COMMIT DROP AS
SELECT
    txt.type,
    min(txt.id) AS first_id,
    count(*)::integer AS size
FROM clinical.text_elements AS txt
INNER JOIN pg_temp.generated_plan AS plan ON txt.id > plan.text_base
GROUP BY txt.type;

INSERT INTO clinical.tracker_tags (id, name, color)
SELECT
    plan.tag_base + number.n,
    'Batch ' || (plan.tag_base + number.n),
    (ARRAY['#EF4444', '#3B82F6', '#F59E0B', '#10B981'])[1 + number.n % 4]
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.tags) AS number (n);
