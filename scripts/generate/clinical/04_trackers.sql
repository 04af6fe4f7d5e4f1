-- Trackers: who, how far, when; with comments and tags

CREATE TEMP TABLE generated_person ON COMMIT DROP AS
SELECT
    row_number() OVER (ORDER BY usr.id) - 1 AS no,
    usr.id
FROM clinical.users AS usr
INNER JOIN pg_temp.generated_plan AS plan ON usr.id > plan.user_base
WHERE usr.role <> 'VIEWER' OR usr.id = plan.user_base + 3;

-- one to twelve comments for two trackers of five; a reply answers an earlier comment of its tracker
CREATE TEMP TABLE generated_comment ON COMMIT DROP AS
SELECT
    plan.comment_base + row_number() OVER (ORDER BY itm.n, nth.j) AS id,
    itm.n,
    itm.tracker_id,
    nth.j,
    itm.n * 16 + nth.j AS key,
    CASE WHEN nth.j > 1 AND pg_temp.draw(itm.n * 16 + nth.j, 60) < 0.75 THEN pg_temp.draw_int(itm.n * 16 + nth.j, 61, 1, nth.j - 1) END AS answers,
    pg_temp.draw(itm.n * 16 + nth.j, 62) < 0.62 AS may_be_resolved,
    itm.created_at + make_interval(days => 1 + nth.j - CASE WHEN pg_temp.draw(itm.n * 16 + nth.j, 63) < 0.2 THEN 1 ELSE 0 END) AS created_at
FROM pg_temp.generated_item AS itm
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, least(1 + floor(-1.4 * ln(1 - pg_temp.draw(itm.n, 65)))::integer, 12)) AS nth (j)
WHERE itm.has_tracker AND pg_temp.draw(itm.n, 64) < 0.4;

INSERT INTO clinical.reporting_effort_item_tracker (
    id, reporting_effort_item_id, reporting_effort_id, production_programmer_id, qc_programmer_id, production_status, qc_status, due_date,
    qc_completion_date, priority, qc_level, in_production_flag, unresolved_comment_count, created_at, updated_at
)
SELECT
    itm.tracker_id,
    itm.item_id,
    itm.effort_id,
    prd.id,
    qcp.id,
    sta.production_status,
    chk.qc_status,
    CASE
        WHEN pg_temp.draw(itm.n, 70) < 0.12 THEN NULL
        WHEN pg_temp.draw(itm.n, 70) < 0.32
            THEN plan.as_of + (ARRAY[-60, -30, -8, -7, -2, -1, 0, 1, 6, 7, 8, 9, 14])[pg_temp.draw_int(itm.n, 71, 1, 13)]
        ELSE itm.target_on + 7 * pg_temp.draw_int(itm.n, 72, -4, 4) + pg_temp.draw_int(itm.n, 73, 0, 2)
    END,
    CASE WHEN pg_temp.draw(itm.n, 74) < CASE chk.qc_status WHEN 'completed' THEN 0.93 ELSE 0.02 END THEN plan.as_of - pg_temp.draw_int(itm.n, 75, 1, 60) END,
    pg_temp.choose(pg_temp.draw(itm.n, 76), '{0.15,0.70,0.92}', '{low,medium,high,critical}'),
    nullif(pg_temp.choose(pg_temp.draw(itm.n, 77), '{0.30,0.60,0.85}', '{none,level1,level2,level3}'), 'none'),
    pg_temp.draw(itm.n, 78) < CASE sta.production_status WHEN 'in_progress' THEN 0.70 ELSE 0.03 END,
    -- what the comments below make it: counted here, so that they change no tracker
    coalesce(cmt.open, 0),
    itm.created_at,
    itm.created_at + make_interval(days => pg_temp.draw_int(itm.n, 79, 0, 4))
FROM pg_temp.generated_item AS itm
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    SELECT pg_temp.choose(pg_temp.draw(itm.n, 80), '{0.35,0.60,0.93}', '{not_started,in_progress,completed,on_hold}') AS production_status
) AS sta
CROSS JOIN LATERAL (
    SELECT pg_temp.choose(
        pg_temp.draw(itm.n, 81),
        CASE sta.production_status WHEN 'completed' THEN '{0.25,0.45,0.90}'::float8[] ELSE '{0.90,0.95,0.97}' END,
        '{not_started,in_progress,completed,failed}'
    ) AS qc_status
) AS chk
CROSS JOIN (SELECT count(*) AS total FROM pg_temp.generated_person) AS everybody
-- few people do much: the draw to the power of 10/3 has a Zipf exponent of 0.7
LEFT JOIN pg_temp.generated_person AS prd
    ON floor(everybody.total * power(pg_temp.draw(itm.n, 82), 10.0 / 3))::bigint = prd.no
    AND pg_temp.draw(itm.n, 83) < CASE sta.production_status WHEN 'not_started' THEN 0.40 ELSE 0.97 END
LEFT JOIN pg_temp.generated_person AS qcp
    ON floor(everybody.total * power(pg_temp.draw(itm.n, 84), 10.0 / 3))::bigint = qcp.no
    AND pg_temp.draw(itm.n, 85) < CASE sta.production_status WHEN 'completed' THEN 0.85 ELSE 0.30 END
LEFT JOIN (
    SELECT
        own.tracker_id,
        count(*) AS open
    FROM pg_temp.generated_comment AS own
    WHERE own.answers IS NULL AND NOT own.may_be_resolved
    GROUP BY own.tracker_id
) AS cmt ON itm.tracker_id = cmt.tracker_id
WHERE itm.has_tracker;

INSERT INTO clinical.tracker_comments (
    id, tracker_id, user_id, parent_comment_id, comment_text, comment_type, is_resolved, resolved_by_user_id, resolved_at, created_at, updated_at
)
SELECT
    cmt.id,
    cmt.tracker_id,
    who.author_id,
    cmt.id - cmt.j + cmt.answers,
    (ARRAY['Please check the population.', 'Waiting for the analysis plan.', 'Done.', 'Numbers differ from the table before.'])[1 + cmt.key % 4],
    CASE WHEN pg_temp.draw(cmt.key, 90) < 0.34 THEN 'biostat' ELSE 'programming' END,
    cmt.answers IS NULL AND cmt.may_be_resolved,
    CASE WHEN cmt.answers IS NULL AND cmt.may_be_resolved THEN CASE WHEN pg_temp.draw(cmt.key, 91) < 0.2 THEN who.author_id ELSE who.other_id END END,
    CASE WHEN cmt.answers IS NULL AND cmt.may_be_resolved THEN cmt.created_at + interval '1 day' END,
    cmt.created_at,
    cmt.created_at
FROM pg_temp.generated_comment AS cmt
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    SELECT
        plan.user_base + pg_temp.draw_int(cmt.key, 92, 1, plan.users) AS author_id,
        plan.user_base + pg_temp.draw_int(cmt.key, 93, 1, plan.users) AS other_id
) AS who;

INSERT INTO clinical.tracker_item_tags (tracker_id, tag_id, created_at)
SELECT
    itm.tracker_id,
    plan.tag_base + 1 + (pg_temp.draw_int(itm.n, 95, 0, plan.tags - 1) + nth.no) % plan.tags,
    itm.created_at
FROM pg_temp.generated_item AS itm
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(0, width_bucket(pg_temp.draw(itm.n, 96), '{0.75,0.95}')) AS nth (no)
WHERE itm.has_tracker AND pg_temp.draw(itm.n, 94) < 0.25;
