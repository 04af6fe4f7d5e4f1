-- refresh.run_due()
-- Refreshes all stored views that need it, by deadline, sources first, each in a transaction of its own.
-- requires: refresh.work, refresh.try_run(), refresh_internal.run_group(), refresh_internal.notice_all()
-- source:   docs/refresh.md, "Scheduling"

-- A procedure that commits cannot pin its search_path, so every name is written in full; it runs with the caller's rights.
CREATE OR REPLACE PROCEDURE refresh.run_due(
    p_max_seconds numeric DEFAULT NULL,
    p_lazy boolean DEFAULT FALSE,
    INOUT run_count integer DEFAULT 0,
    INOUT failed_count integer DEFAULT 0,
    INOUT busy_count integer DEFAULT 0
)
LANGUAGE plpgsql
AS $$
DECLARE
    v_end_at timestamptz := pg_catalog.clock_timestamp() + p_max_seconds * interval '1 second';
    v_round text[];
    v_groups text[];
    v_ran text[] := ARRAY[]::text[];
    v_group text;
    v_number integer := 1;
    v_mode text;
    v_code text;
    v_is_over boolean := FALSE;
    v_noticed_at timestamptz;
BEGIN
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    v_noticed_at := pg_catalog.clock_timestamp();
    PERFORM refresh_internal.notice_all();
    -- The state of all views is read once. No view comes before one that it is built on: what lies below is at least as urgent.
    SELECT
        array_agg(wor.view_name ORDER BY wor.deadline_at, wor.level, wor.view_name),
        array_agg(grp.group_name ORDER BY wor.deadline_at, wor.level, wor.view_name)
    INTO v_round, v_groups
    FROM refresh.work AS wor
    LEFT JOIN refresh.grouped_views AS grp USING (view_id)
    WHERE (wor.retry_at IS NULL OR wor.retry_at <= pg_catalog.clock_timestamp())
        -- a view without a key costs the same however little changed: wait for more, but not with rows of another definition
        AND NOT (p_lazy AND wor.mode = 'full' AND NOT wor.is_stale AND coalesce(wor.lag < wor.target_lag / 2, FALSE));
    COMMIT;
    LOOP
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXIT WHEN v_is_over OR v_number > coalesce(cardinality(v_round), 0) OR pg_catalog.clock_timestamp() > v_end_at;
        v_group := v_groups[v_number];
        IF v_group = ANY (v_ran) THEN
            v_number := v_number + 1;
            COMMIT;
            CONTINUE;
        END IF;
        IF v_group IS NULL THEN
            -- a run that a crash takes back takes its note of what it has seen along, and is made again
            SET LOCAL synchronous_commit = off;
            -- looking after definitions of all views costs as much as after those of ten, one by one
            IF v_noticed_at < pg_catalog.clock_timestamp() - interval '1 second' THEN
                v_noticed_at := pg_catalog.clock_timestamp();
                PERFORM refresh_internal.notice_all();
                COMMIT;
                SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
                SET LOCAL synchronous_commit = off;
            END IF;
            PERFORM pg_catalog.set_config('tidemark.noticed_at', coalesce(v_noticed_at::text, ''), TRUE);
            SELECT tri.mode, tri.error_code INTO v_mode, v_code FROM refresh.try_run(v_round[v_number], FALSE, FALSE) AS tri;
        ELSE
            CALL refresh_internal.run_group(v_round[v_number], v_mode, v_code);
        END IF;
        v_number := v_number + 1;
        v_ran := v_ran || v_group;
        -- what is built on a view that was recomputed looks for itself: its columns and its storage may be others
        v_noticed_at := CASE WHEN v_mode NOT IN ('whole', 'native') THEN v_noticed_at END;
        -- what was to follow a view below that did not change after all has nothing to do
        run_count := run_count + CASE
            WHEN v_mode IN ('none', 'failed', 'busy') THEN 0
            WHEN v_group IS NULL THEN 1
            ELSE cardinality(array_positions(v_groups, v_group))
        END;
        failed_count := failed_count + (v_mode = 'failed')::integer;
        busy_count := busy_count + (v_mode = 'busy')::integer;
        -- somebody wants this round to end; a statement_timeout that has struck does so once and leaves the others alone
        v_is_over := coalesce(v_code = '57014', FALSE) AND pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp() < coalesce(
            nullif(pg_catalog.current_setting('statement_timeout')::interval, interval '0'), interval '1000 years');
        COMMIT;
    END LOOP;
END;
$$;

COMMENT ON PROCEDURE refresh.run_due IS
'p_max_seconds: start no further view after that time; p_lazy: views of mode full wait until half their target_lag is used up. One failing view is logged and backed off, the others go on. Call it outside a transaction.';

REVOKE ALL ON PROCEDURE refresh.run_due FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh.run_due TO tidemark_operator;
