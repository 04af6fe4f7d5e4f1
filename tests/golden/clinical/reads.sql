-- What a user reads of efforts, trackers, programmers and comments; docs/golden.md explains the notes.
-- Visibility is that of the user: ann (1) sees inactive items, sue (22) does not.

-- name: expected_tracker_bulk.csv
-- key: id
-- order: item_code, id
-- within: reporting_effort_id
SELECT
    rep.reporting_effort_id,
    rep.id,
    rep.reporting_effort_item_id,
    rep.item_code,
    rep.item_type,
    rep.item_subtype,
    rep.item_title,
    rep.production_programmer_id,
    rep.prod_programmer_username,
    rep.production_status,
    rep.qc_programmer_id,
    rep.qc_programmer_username,
    rep.qc_status,
    rep.priority,
    rep.qc_level,
    rep.due_date,
    rep.qc_completion_date,
    rep.in_production_flag,
    rep.is_active,
    rep.unresolved_comment_count,
    rep.comment_count,
    rep.tags::text AS tags,
    rep.created_at,
    rep.updated_at
FROM clinical.reporting_efforts AS eff
CROSS JOIN LATERAL clinical.tracker_bulk(1, eff.id) AS rep;

-- name: expected_effort_progress.csv
-- key: reporting_effort_id, visibility
SELECT
    vis.visibility,
    rep.reporting_effort_id,
    rep.items_total,
    rep.items_inactive,
    rep.items_without_tracker,
    rep.trackers_total,
    rep.prod_not_started,
    rep.prod_in_progress,
    rep.prod_completed,
    rep.prod_on_hold,
    rep.qc_not_started,
    rep.qc_in_progress,
    rep.qc_completed,
    rep.qc_failed,
    rep.done,
    rep.in_progress_any,
    rep.completion_pct,
    rep.unassigned_production,
    rep.unassigned_qc,
    rep.in_production,
    rep.unresolved_comments,
    rep.trackers_with_unresolved,
    rep.next_due_date
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.effort_progress_of(vis.actor_id) AS rep;

-- name: expected_effort_subtypes.csv
-- key: reporting_effort_id, visibility, item_type, item_subtype
SELECT
    vis.visibility,
    rep.reporting_effort_id,
    rep.item_type,
    rep.item_subtype,
    rep.total,
    rep.completed,
    rep.in_progress,
    rep.done
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.effort_subtypes_of(vis.actor_id) AS rep;

-- name: expected_due_calendar.csv
-- key: reporting_effort_id, visibility, due_date
SELECT
    vis.visibility,
    rep.reporting_effort_id,
    rep.due_date,
    rep.total,
    rep.production_open,
    rep.qc_open
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.due_calendar_of(vis.actor_id) AS rep;

-- name: expected_programmer_workload.csv
-- key: programmer_id, visibility
SELECT
    vis.visibility,
    rep.programmer_id,
    rep.programmer_username,
    rep.prod_total,
    rep.prod_not_started,
    rep.prod_in_progress,
    rep.prod_completed,
    rep.prod_on_hold,
    rep.qc_total,
    rep.qc_not_started,
    rep.qc_in_progress,
    rep.qc_completed,
    rep.qc_failed,
    rep.total_workload
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.programmer_workload_of(vis.actor_id) AS rep;

-- name: expected_workload_pairs.csv
-- key: visibility, production_programmer_id, qc_programmer_id
SELECT
    vis.visibility,
    rep.production_programmer_id,
    rep.qc_programmer_id,
    rep.total,
    rep.in_progress,
    rep.completed
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.workload_pairs_of(vis.actor_id) AS rep;

-- name: expected_workload_totals.csv
-- key: visibility
SELECT
    vis.visibility,
    rep.total_items,
    rep.in_progress,
    rep.completed
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN LATERAL clinical.workload_totals_of(vis.actor_id) AS rep;

-- name: expected_effort_due_summary.csv
-- key: reporting_effort_id, visibility, as_of
SELECT
    vis.visibility,
    day.as_of,
    rep.reporting_effort_id,
    rep.overdue,
    rep.due_soon,
    rep.scheduled,
    rep.no_due_date,
    rep.done,
    rep.oldest_overdue_date,
    rep.valid_until::text AS valid_until
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN (SELECT DISTINCT exp.as_of::date AS as_of FROM expected_effort_due_summary AS exp) AS day
CROSS JOIN LATERAL clinical.effort_due_summary_of(vis.actor_id, NULL, day.as_of) AS rep;

-- name: expected_user_dashboard.csv
-- key: user_id, visibility, as_of
SELECT
    vis.visibility,
    day.as_of,
    rep.user_id,
    rep.total_assignments,
    rep.role_production,
    rep.role_qc,
    rep.role_both,
    rep.not_started,
    rep.in_progress,
    rep.completed,
    rep.overdue,
    rep.due_soon,
    rep.valid_until::text AS valid_until
FROM (VALUES ('all', 1), ('active', 22)) AS vis (visibility, actor_id)
CROSS JOIN (SELECT DISTINCT exp.as_of::date AS as_of FROM expected_user_dashboard AS exp) AS day
CROSS JOIN LATERAL clinical.user_dashboard_of(vis.actor_id, NULL, day.as_of) AS rep;

-- name: expected_due_state.csv
-- key: as_of, tracker_id
SELECT
    day.as_of,
    rep.tracker_id,
    rep.due_state,
    rep.days_late,
    rep.valid_until::text AS valid_until
FROM (SELECT DISTINCT exp.as_of::date AS as_of FROM expected_due_state AS exp) AS day
CROSS JOIN LATERAL clinical.due_state_of(1, NULL, day.as_of) AS rep;

-- name: expected_overdue_list.csv
-- key: as_of, reporting_effort_id, position
-- order: position
-- within: as_of, reporting_effort_id
SELECT
    day.as_of,
    rep.reporting_effort_id,
    rep.position,
    rep.tracker_id,
    rep.due_date,
    rep.priority_rank,
    rep.days_late
FROM (SELECT DISTINCT exp.as_of::date AS as_of FROM expected_overdue_list AS exp) AS day
CROSS JOIN LATERAL clinical.overdue_list(1, NULL, day.as_of) AS rep;

-- name: expected_comment_summary.csv
-- key: tracker_id
SELECT
    rep.tracker_id,
    rep.total_comments,
    rep.unresolved_count,
    rep.programming_unresolved_count,
    rep.biostat_unresolved_count,
    rep.resolved_parent_comments,
    rep.total_replies,
    rep.latest_comment_at
FROM clinical.comment_summary_of(1) AS rep
WHERE rep.total_comments > 0;

-- name: expected_comment_threads.csv
-- key: tracker_id, position
-- order: position
-- within: tracker_id
SELECT
    trk.tracker_id,
    rep.position,
    rep.comment_id,
    rep.depth,
    rep.root_comment_id,
    rep.username,
    rep.resolved_by_username
FROM (SELECT DISTINCT exp.tracker_id FROM expected_comment_threads AS exp) AS trk
CROSS JOIN LATERAL clinical.comment_threads(1, trk.tracker_id::integer) AS rep;

-- name: expected_tag_usage.csv
-- key: position
-- order: position
SELECT
    rep.position,
    rep.tag_id,
    rep.name,
    rep.usage_count
FROM clinical.tag_usage_of(1) AS rep;

-- name: expected_tracker_export.csv
-- key: reporting_effort_id, item_id
-- order: item_code, item_id
-- within: reporting_effort_id
SELECT
    eff.id AS reporting_effort_id,
    rep.item_id,
    rep.item_type,
    rep.item_subtype,
    rep.item_code,
    rep.tracker_id,
    rep.production_programmer_username,
    rep.production_status,
    rep.qc_programmer_username,
    rep.qc_status,
    rep.priority,
    rep.due_date,
    rep.qc_completion_date,
    rep.in_production_flag
FROM clinical.reporting_efforts AS eff
CROSS JOIN LATERAL clinical.export_trackers(1, eff.id) AS rep
-- an effort without items is refused
WHERE EXISTS (SELECT FROM clinical.reporting_effort_items AS itm WHERE itm.reporting_effort_id = eff.id);

-- name: expected_findings.csv
-- key: reporting_effort_id, item_id, finding
SELECT
    rep.reporting_effort_id,
    rep.item_id,
    rep.tracker_id,
    rep.finding
FROM clinical.findings_of(1) AS rep;

-- name: expected_user_permissions.csv
-- key: user_id, permission
SELECT
    usr.id AS user_id,
    rep.permission
FROM clinical.users AS usr
CROSS JOIN LATERAL clinical.user_permissions(usr.id) AS rep;

-- name: expected_pages.csv
-- key: request_id, page_no
-- reads: requests/page_requests.csv (request_id, actor_user_id, reporting_effort_id, filters, sort, direction, page_limit, as_of)
WITH RECURSIVE page AS (
    SELECT
        req.*,
        1 AS page_no,
        own.rows,
        own.next_cursor,
        own.has_next
    FROM page_requests AS req
    CROSS JOIN LATERAL clinical.tracker_page(
        req.actor_user_id::integer, req.reporting_effort_id::integer, '{id}', req.filters::jsonb, req.sort, req.direction,
        req.page_limit::integer, NULL, coalesce(req.as_of, '2025-06-16')::date
    ) AS own
    UNION ALL
    SELECT
        req.*,
        page.page_no + 1,
        own.rows,
        own.next_cursor,
        own.has_next
    FROM page
    INNER JOIN page_requests AS req ON page.request_id = req.request_id
    CROSS JOIN LATERAL clinical.tracker_page(
        req.actor_user_id::integer, req.reporting_effort_id::integer, '{id}', req.filters::jsonb, req.sort, req.direction,
        req.page_limit::integer, page.next_cursor, coalesce(req.as_of, '2025-06-16')::date
    ) AS own
    WHERE page.has_next
)

SELECT
    page.request_id,
    page.page_no,
    jsonb_array_length(page.rows) AS n_rows,
    page.has_next,
    (SELECT '[' || string_agg(one.fields ->> 'id', ',' ORDER BY one.place) || ']'
    FROM jsonb_array_elements(page.rows) WITH ORDINALITY AS one (fields, place)) AS tracker_ids
FROM page
WHERE page.rows <> '[]';

-- name: expected_page_totals.csv
-- key: request_id
-- reads: requests/page_requests.csv (request_id, actor_user_id, reporting_effort_id, filters, sort, direction, page_limit, as_of)
WITH RECURSIVE page AS (
    SELECT
        req.*,
        1 AS page_no,
        own.rows,
        own.next_cursor,
        own.has_next
    FROM page_requests AS req
    CROSS JOIN LATERAL clinical.tracker_page(
        req.actor_user_id::integer, req.reporting_effort_id::integer, '{id}', req.filters::jsonb, req.sort, req.direction,
        req.page_limit::integer, NULL, coalesce(req.as_of, '2025-06-16')::date
    ) AS own
    UNION ALL
    SELECT
        req.*,
        page.page_no + 1,
        own.rows,
        own.next_cursor,
        own.has_next
    FROM page
    INNER JOIN page_requests AS req ON page.request_id = req.request_id
    CROSS JOIN LATERAL clinical.tracker_page(
        req.actor_user_id::integer, req.reporting_effort_id::integer, '{id}', req.filters::jsonb, req.sort, req.direction,
        req.page_limit::integer, page.next_cursor, coalesce(req.as_of, '2025-06-16')::date
    ) AS own
    WHERE page.has_next
)

SELECT
    page.request_id,
    sum(jsonb_array_length(page.rows)) AS total_rows,
    count(*) FILTER (WHERE page.rows <> '[]') AS n_pages
FROM page
GROUP BY page.request_id;
