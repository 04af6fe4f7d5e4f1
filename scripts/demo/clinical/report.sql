-- What the demonstration of clinical shows: one result a table, read through the public functions and views.
-- facts: one row, whose values every other statement and title may use.

-- name: is_filled
SELECT EXISTS (SELECT FROM clinical.reporting_efforts);

-- name: facts
-- A user who sees inactive items, and the effort with most overdue trackers.
SELECT
    usr.id AS user_id,
    usr.username,
    (SELECT to_char(count(*), 'FM999,999,999') FROM clinical.reporting_effort_item_tracker) AS trackers,
    due.reporting_effort_id AS effort_id,
    eff.reporting_effort_label AS effort
FROM clinical.users AS usr
CROSS JOIN LATERAL clinical.effort_due_summary_of(usr.id) AS due
INNER JOIN clinical.reporting_efforts AS eff ON due.reporting_effort_id = eff.id
WHERE clinical.visibility_of(usr.id) = 'all'
ORDER BY due.overdue DESC, due.reporting_effort_id, usr.id
LIMIT 1;

-- name: progress
-- title: Progress of reporting efforts, {trackers} trackers in all
SELECT
    stu.study_label AS study,
    eff.reporting_effort_label AS effort,
    prg.trackers_total AS trackers,
    prg.prod_completed AS produced,
    prg.done,
    prg.completion_pct AS pct,
    prg.unresolved_comments AS open_comments,
    prg.next_due_date AS next_due
FROM clinical.effort_progress_of(%(user_id)s) AS prg
INNER JOIN clinical.reporting_efforts AS eff ON prg.reporting_effort_id = eff.id
INNER JOIN clinical.studies AS stu ON eff.study_id = stu.id
ORDER BY prg.trackers_total DESC, prg.reporting_effort_id
LIMIT 8;

-- name: overdue
-- title: Most overdue in {effort}
SELECT
    ovd.position AS place,
    itm.item_code AS item,
    ovd.due_date AS due,
    ovd.days_late AS days
FROM clinical.overdue_list(%(user_id)s, %(effort_id)s) AS ovd
INNER JOIN clinical.reporting_effort_item_tracker AS trk ON ovd.tracker_id = trk.id
INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
ORDER BY ovd.position
LIMIT 5;

-- name: workload
-- title: Who has most to do
SELECT
    wrk.programmer_username AS programmer,
    wrk.prod_total AS produces,
    wrk.prod_in_progress AS in_progress,
    wrk.qc_total AS checks,
    wrk.qc_failed AS failed
FROM clinical.programmer_workload_of(%(user_id)s) AS wrk
ORDER BY wrk.total_workload DESC, wrk.programmer_id
LIMIT 5;

-- name: page
-- title: A page of trackers of {effort}, the most urgent first, as {username} sees it
SELECT
    own.fields ->> 'item_code' AS item,
    own.fields ->> 'priority' AS priority,
    own.fields ->> 'production_status' AS production,
    own.fields ->> 'prod_programmer_username' AS programmer,
    own.fields ->> 'due_state' AS due
FROM clinical.tracker_page(
    %(user_id)s, %(effort_id)s, '{item_code,priority,production_status,prod_programmer_username,due_state}', '{"due_state": ["overdue", "due_soon"]}',
    'priority', 'asc', 5
) AS pag
CROSS JOIN LATERAL jsonb_array_elements(pag.rows) WITH ORDINALITY AS own (fields, place)
ORDER BY own.place;
