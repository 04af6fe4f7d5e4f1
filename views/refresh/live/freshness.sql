-- refresh.freshness
-- How old each stored view is, against what it promises.
-- grain:    one row per stored view
-- requires: refresh_internal.busy_views(), refresh.dependency, refresh_internal.pending_of(), refresh_internal.whole_reason_of(), refresh_internal.unsound_sources(), refresh_internal.changed_definitions(), refresh.now(), refresh.time_zone()
-- source:   docs/refresh.md, "Lag and breaches"
-- tidemark-ignore: clock-call because an age is measured against the wall clock, whatever day the rules are set to

CREATE OR REPLACE VIEW refresh.freshness AS
WITH clock AS MATERIALIZED (
    SELECT refresh.now() AS now, clock_timestamp() AS wall
),

lost AS MATERIALIZED (
    SELECT found.view_id, string_agg(found.reason, '; ') AS reason
    FROM (
        SELECT
            vs.view_id,
            format('not all changes of %s were captured', string_agg(source.source_name, ', ' ORDER BY source.source_name)) AS reason
        FROM refresh_internal.unsound_sources() AS source
        INNER JOIN refresh.view_sources AS vs ON source.source_name = vs.source_name AND vs.mapping_kind IN ('keys', 'all')
        GROUP BY vs.view_id
        UNION ALL
        SELECT
            other.view_id,
            'definition changed' AS reason
        FROM refresh_internal.changed_definitions() AS other
    ) AS found
    GROUP BY found.view_id
),

held AS MATERIALIZED (
    SELECT hel.view_id, count(*) AS key_count, min(hel.held_since) AS since, min(hel.retry_at) AS retry_at
    FROM refresh.held_keys AS hel
    GROUP BY hel.view_id
),

own AS MATERIALIZED (
    SELECT
        sv.view_id,
        coalesce(held.key_count, 0) AS held_count,
        held.since AS held_since,
        coalesce(refresh_internal.whole_reason_of(sv, vst), lost.reason) AS whole_reason,
        vst.last_run_at,
        vst.last_run_ms,
        vst.row_count,
        vst.failure_count,
        vst.retry_at,
        pen.pending_count,
        pen.next_due_at,
        -- what became due this very instant has no age yet, but its row is no longer right
        pen.pending_count > 0 OR pen.due_at IS NOT NULL AS is_waiting,
        pen.due_at IS NOT NULL
        OR coalesce(held.retry_at <= clock.wall, FALSE)
        -- the first run of a day confirms its rows for that day, even when none is due
        OR (
            sv.clock_use IN ('day', 'instant')
            AND (vst.clock_at AT TIME ZONE refresh.time_zone())::date < (clock.now AT TIME ZONE refresh.time_zone())::date
        ) AS is_due,
        -- What time alone brings is measured on the clock of rules, which tests may set.
        greatest(
            clock.wall - pen.oldest_at,
            CASE WHEN pen.due_at IS NOT NULL THEN least(clock.now - pen.due_at, clock.wall - vst.taken_at) END,
            clock.wall - held.since,
            CASE
                WHEN vst.whole_reason IS NOT NULL THEN clock.wall - vst.last_run_at
                WHEN refresh_internal.whole_reason_of(sv, vst) IS NOT NULL THEN clock.now - (
                    ((vst.clock_at AT TIME ZONE refresh.time_zone())::date + 1)::timestamp AT TIME ZONE refresh.time_zone()
                )
            END,
            interval '0'
        ) AS lag
    FROM refresh.stored_views AS sv
    INNER JOIN refresh.view_state AS vst ON sv.view_id = vst.view_id
    LEFT JOIN lost ON sv.view_id = lost.view_id
    LEFT JOIN held ON sv.view_id = held.view_id
    INNER JOIN refresh_internal.pending_of() AS pen ON sv.view_id = pen.view_id
    CROSS JOIN clock
),

alone AS (
    -- a change still waiting one stored view below is unprocessed for this one too
    SELECT
        own.view_id,
        greatest(own.lag, max(below.lag)) AS lag,
        own.is_waiting OR coalesce(bool_or(below.is_waiting), FALSE) AS is_waiting
    FROM own
    LEFT JOIN refresh.dependency AS dep ON own.view_id = dep.view_id
    LEFT JOIN own AS below ON dep.source_view_id = below.view_id
    GROUP BY own.view_id, own.lag, own.is_waiting
),

total AS (
    -- views that switch together are as old as the oldest of them
    SELECT
        alone.view_id,
        max(alone.lag) OVER (PARTITION BY coalesce(grp.group_name, alone.view_id::text)) AS lag,
        bool_or(alone.is_waiting) OVER (PARTITION BY coalesce(grp.group_name, alone.view_id::text)) AS is_waiting
    FROM alone
    LEFT JOIN refresh.grouped_views AS grp ON alone.view_id = grp.view_id
)

SELECT
    sv.view_id,
    sv.view_name,
    CASE
        WHEN sv.is_bypassed THEN 'bypassed'
        WHEN sv.serving_name IS NULL THEN 'empty'
        WHEN own.failure_count > 0 OR own.held_count > 0 THEN 'failing'
        WHEN sv.serving_name <> sv.storage_name THEN 'rebuilding'
        WHEN own.whole_reason IS NOT NULL THEN 'stale'
        WHEN total.lag > sv.target_lag THEN 'late'
        WHEN total.lag > interval '0' OR total.is_waiting THEN 'behind'
        ELSE 'fresh'
    END AS freshness_status,
    CASE WHEN sv.serving_name IS NOT NULL THEN clock.now - total.lag END AS data_as_of,
    CASE WHEN sv.serving_name IS NOT NULL THEN total.lag END AS lag,
    sv.target_lag,
    sv.serving_name IS NOT NULL AND total.lag <= sv.target_lag AS is_within_target,
    own.pending_count,
    own.next_due_at,
    own.last_run_at,
    own.last_run_ms,
    -- writers that keep the rows themselves do not count them
    CASE WHEN sv.target_lag > interval '0' THEN own.row_count END AS row_count,
    sv.mode,
    CASE
        WHEN sv.mode = 'full' THEN 'no key: recomputed as a whole by REFRESH MATERIALIZED VIEW CONCURRENTLY'
        WHEN own.whole_reason IS NOT NULL THEN 'the next run recomputes everything: ' || own.whole_reason
        WHEN own.held_count > 0 THEN 'keys that changed, became due or are to be tried again'
        WHEN sv.target_lag = interval '0' THEN 'kept inside the writer''s transaction'
        ELSE 'keys that changed or became due'
    END AS mode_reason,
    own.failure_count,
    own.retry_at,
    own.pending_count > 0 OR own.is_due OR own.whole_reason IS NOT NULL
    OR sv.serving_name IS DISTINCT FROM sv.storage_name AS needs_run,
    own.held_count,
    own.held_since,
    busy.busy_with
FROM refresh.stored_views AS sv
INNER JOIN own ON sv.view_id = own.view_id
INNER JOIN total ON sv.view_id = total.view_id
LEFT JOIN (  -- grouped, so that it is left out where nobody asks for the column
    SELECT
        bus.view_id,
        min(bus.busy_with) AS busy_with
    FROM refresh_internal.busy_views() AS bus
    GROUP BY bus.view_id
) AS busy ON sv.view_id = busy.view_id
CROSS JOIN clock;

COMMENT ON VIEW refresh.freshness IS
'lag: age of the oldest change or passed due not yet processed, here or in a stored view below; zero if there is none, NULL before the first run. freshness_status: fresh, behind, late (lag above target), stale (definition changed), rebuilding, failing, bypassed, empty.';
COMMENT ON COLUMN refresh.freshness.data_as_of IS 'Every change up to this instant is in the stored rows; NULL before the first run.';
COMMENT ON COLUMN refresh.freshness.pending_count IS 'Queued changes; several may concern one key.';
COMMENT ON COLUMN refresh.freshness.next_due_at IS 'Instant of the next change that comes by time alone.';
COMMENT ON COLUMN refresh.freshness.needs_run IS 'A run would find something to do, here and now.';
COMMENT ON COLUMN refresh.freshness.row_count IS 'Rows after the last run; NULL with target lag 0, where writers keep the rows and nobody counts them.';
COMMENT ON COLUMN refresh.freshness.held_count IS 'Keys whose rows cannot be computed and are those of before: refresh.held_keys names them with their errors. All other rows follow.';
COMMENT ON COLUMN refresh.freshness.held_since IS 'Since when the oldest of them waits; it counts as lag.';
COMMENT ON COLUMN refresh.freshness.busy_with IS 'Other sessions that refresh or change the view at this moment: process, role, program; NULL: none.';
COMMENT ON COLUMN refresh.freshness.retry_at IS 'A failing view is left alone until then.';

GRANT SELECT ON refresh.freshness TO tidemark_operator, tidemark_app;
