-- name: has_engine
-- True once the refresh engine is applied.
SELECT to_regclass('refresh.freshness') IS NOT NULL AND to_regclass('refresh.work') IS NOT NULL;

-- name: freshness
-- Every stored view with its age, the most urgent first.
SELECT
    fre.view_name, fre.freshness_status, fre.data_as_of, fre.lag, fre.target_lag, fre.is_within_target,
    fre.pending_count, fre.next_due_at, fre.last_run_at, fre.row_count, fre.mode, fre.mode_reason,
    fre.busy_with
FROM refresh.freshness AS fre
ORDER BY fre.is_within_target, fre.lag DESC NULLS FIRST, fre.view_name;

-- name: refresh_work
-- What a refresh would run now.
SELECT wor.view_name, wor.level, wor.lag, wor.target_lag, wor.waits_for
FROM refresh.work AS wor
ORDER BY wor.deadline_at, wor.level, wor.view_name;

-- name: notice_definitions
-- Lets the engine see definitions that changed since it last looked.
SELECT refresh_internal.notice_all();

-- name: next_view
-- The stored view to run next; NULL when none is left.
SELECT refresh.next_view(%(done)s::text [], %(running)s::text []);

-- name: stored_views
-- All stored views, sources first.
SELECT sv.view_name
FROM refresh.stored_views AS sv
LEFT JOIN refresh.dependency AS dep USING (view_id)
GROUP BY sv.view_name
ORDER BY coalesce(max(dep.distance), 0), sv.view_name;

-- name: stored_sources
-- For each stored view the stored views it is built on.
SELECT sv.view_name, array_agg(below.view_name) AS below
FROM refresh.stored_views AS sv
INNER JOIN refresh.dependency AS dep USING (view_id)
INNER JOIN refresh.stored_views AS below ON dep.source_view_id = below.view_id
GROUP BY sv.view_name;

-- name: registered_name
-- The name of a stored view as the engine writes it; raises 42704 for an unknown one.
SELECT (refresh_internal.registered(%(view)s)).view_name;

-- name: grouped_views
-- Stored views that refresh.together() joined with others.
SELECT sv.view_name
FROM refresh.grouped_views AS grp
INNER JOIN refresh.stored_views AS sv USING (view_id);

-- name: try_run
-- Refreshes one stored view; a failure is a row too.
SELECT
    tri.view_name, tri.mode, tri.reason, tri.change_count, tri.key_count, tri.inserted_count, tri.updated_count,
    tri.deleted_count, tri.duration_ms, tri.error_code, tri.error_message, tri.error_detail, tri.error_hint
FROM refresh.try_run(%(view)s, %(full)s) AS tri;

-- name: tick
CALL refresh.tick(%(max_seconds)s::numeric);

-- name: verify_view
SELECT
    ver.view_name, ver.is_equal, ver.live_count, ver.stored_count, ver.missing_count, ver.surplus_count,
    ver.differing_count, ver.pending_count, ver.samples
FROM refresh.verify(%(view)s) AS ver;

-- name: mappings_of
-- How a change of each source becomes keys. origin: derived, declared or none.
SELECT
    src.source_name,
    src.mapping_kind,
    CASE WHEN src.is_derived THEN 'derived' WHEN src.mapping_kind = 'missing' THEN 'none' ELSE 'declared' END AS origin,
    src.mapping,
    src.map_reason
FROM refresh.view_sources AS src
INNER JOIN refresh.stored_views AS sto ON src.view_id = sto.view_id
WHERE sto.view_name = %(view)s
ORDER BY src.source_name;

-- name: explain_view
SELECT exp.sentence FROM refresh.explain(%(view)s) AS exp (sentence);
