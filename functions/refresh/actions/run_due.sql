-- refresh.run_due()
-- Refreshes all stored views that need it, by deadline, sources first, each in a transaction of its own.
-- requires: refresh.work, refresh.try_run()
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
    v_next text;
    v_mode text;
    v_code text;
BEGIN
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    -- The state of all views is read once. No view comes before one that it is built on: what lies below is at least as urgent.
    v_round := ARRAY(
        SELECT wor.view_name FROM refresh.work AS wor
        WHERE (wor.retry_at IS NULL OR wor.retry_at <= pg_catalog.clock_timestamp())
            -- a view without a key costs the same however little changed: wait for more
            AND NOT (p_lazy AND wor.mode = 'full' AND coalesce(wor.lag < wor.target_lag / 2, FALSE))
        ORDER BY wor.deadline_at, wor.level, wor.view_name
    );
    COMMIT;
    FOREACH v_next IN ARRAY v_round LOOP
        EXIT WHEN pg_catalog.clock_timestamp() > v_end_at;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        SELECT tri.mode, tri.error_code INTO v_mode, v_code FROM refresh.try_run(v_next, FALSE, FALSE) AS tri;
        -- what was to follow a view below that did not change after all has nothing to do
        run_count := run_count + (v_mode NOT IN ('none', 'failed', 'busy'))::integer;
        failed_count := failed_count + (v_mode = 'failed')::integer;
        busy_count := busy_count + (v_mode = 'busy')::integer;
        COMMIT;
        -- somebody wants this round to end; a statement_timeout that has struck does so once and leaves the others alone
        EXIT WHEN v_code = '57014' AND pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp() < coalesce(
            nullif(pg_catalog.current_setting('statement_timeout')::interval, interval '0'), interval '1000 years');
    END LOOP;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
END;
$$;

COMMENT ON PROCEDURE refresh.run_due IS
'p_max_seconds: start no further view after that time; p_lazy: views of mode full wait until half their target_lag is used up. One failing view is logged and backed off, the others go on. Call it outside a transaction.';

REVOKE ALL ON PROCEDURE refresh.run_due FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh.run_due TO tidemark_operator;
