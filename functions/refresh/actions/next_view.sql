-- refresh.next_view()
-- Picks the stored view to run next: the one nearest to breaking its promise whose sources are done.
-- requires: refresh.work
-- source:   docs/refresh.md, "Scheduling"

CREATE OR REPLACE FUNCTION refresh.next_view(
    p_done text[] DEFAULT '{}', p_running text[] DEFAULT '{}', p_lazy boolean DEFAULT FALSE
)
RETURNS text LANGUAGE sql VOLATILE
BEGIN ATOMIC
    -- looking into every queue is what costs: once is enough
    WITH work AS MATERIALIZED (
        SELECT view_name, view_id, mode, lag, target_lag, needs_run, retry_at, level, deadline_at, waits_for FROM refresh.work
    ),

    dependency AS MATERIALIZED (
        SELECT dep.view_id, below.view_name AS source_name
        FROM refresh.dependency AS dep
        INNER JOIN refresh.stored_views AS below ON dep.source_view_id = below.view_id
    )

    SELECT wor.view_name
    FROM work AS wor
    WHERE
        wor.needs_run
        AND wor.view_name <> ALL(p_done)
        AND wor.view_name <> ALL(p_running)
        AND (wor.retry_at IS NULL OR wor.retry_at <= clock_timestamp())
        -- done or backed-off views below block nobody; running ones and those still to come do
        AND NOT EXISTS (
            SELECT FROM dependency AS dep WHERE dep.view_id = wor.view_id AND dep.source_name = ANY(p_running)
        )
        AND NOT EXISTS (
            SELECT FROM work AS below
            WHERE
                below.view_name = ANY(wor.waits_for)
                AND below.view_name <> ALL(p_done)
                AND (below.retry_at IS NULL OR below.retry_at <= clock_timestamp())
                AND NOT (p_lazy AND below.mode = 'full' AND coalesce(below.lag < below.target_lag / 2, FALSE))
        )
        -- a view without a key costs the same however little changed: wait for more
        AND NOT (p_lazy AND wor.mode = 'full' AND coalesce(wor.lag < wor.target_lag / 2, FALSE))
    ORDER BY wor.deadline_at, wor.level, wor.view_name
    LIMIT 1;
END;

COMMENT ON FUNCTION refresh.next_view IS
'NULL when nothing is left. p_done: views this round has tried; p_running: views other sessions of this round are at; p_lazy: views of mode full wait until half their target_lag is used up.';

REVOKE ALL ON FUNCTION refresh.next_view FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.next_view TO tidemark_operator;
