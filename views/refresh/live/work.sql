-- refresh.work
-- What a scheduler should run next.
-- grain:    one row per stored view that a run would change, or that waits for one below it
-- requires: refresh.freshness, refresh.dependency
-- source:   docs/refresh.md, "Scheduling"
-- tidemark-ignore: clock-call because a deadline is a moment of the wall clock, whatever day the rules are set to

CREATE OR REPLACE VIEW refresh.work AS
WITH state AS MATERIALIZED (
    SELECT
        fre.view_id,
        fre.view_name,
        fre.mode,
        fre.lag,
        fre.target_lag,
        fre.needs_run,
        fre.retry_at,
        fre.freshness_status,
        clock_timestamp() + fre.target_lag - coalesce(fre.lag, fre.target_lag) AS deadline_at
    FROM refresh.freshness AS fre
),

dependency AS MATERIALIZED (
    SELECT dep.view_id, dep.source_view_id, dep.distance FROM refresh.dependency AS dep
)

SELECT
    state.view_id,
    state.view_name,
    state.mode,
    state.lag,
    state.target_lag,
    state.needs_run,
    state.retry_at,
    coalesce((SELECT max(dep.distance) FROM dependency AS dep WHERE dep.view_id = state.view_id), 0) AS level,
    -- a view is as urgent as the most urgent one that is built on it
    least(state.deadline_at, (
        SELECT min(above.deadline_at)
        FROM dependency AS dep
        INNER JOIN state AS above ON dep.view_id = above.view_id
        WHERE dep.source_view_id = state.view_id
    )) AS deadline_at,
    array(
        SELECT below.view_name
        FROM dependency AS dep
        INNER JOIN state AS below ON dep.source_view_id = below.view_id
        WHERE dep.view_id = state.view_id AND below.needs_run
        ORDER BY below.view_name
    ) AS waits_for,
    state.freshness_status = 'stale' AS is_stale
FROM state
WHERE
    state.needs_run
    OR EXISTS (
        SELECT FROM dependency AS dep
        INNER JOIN state AS below ON dep.source_view_id = below.view_id
        WHERE dep.view_id = state.view_id AND below.needs_run
    );

COMMENT ON VIEW refresh.work IS
'level: 0 for views over tables, above them by the longest way; deadline_at: when the promise of this view, or of one built on it, would break; waits_for: stored views below that need a run first; is_stale: its definition, or what its changes are captured from, is no longer what its rows were computed by.';

GRANT SELECT ON refresh.work TO tidemark_operator;
