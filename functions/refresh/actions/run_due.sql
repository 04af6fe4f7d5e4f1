-- refresh.run_due()
-- Refreshes all stored views that need it, by deadline, sources first, each in a transaction of its own.
-- requires: refresh.next_view(), refresh.try_run()
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
    v_done text[] := ARRAY[]::text[];
    v_next text;
    v_mode text;
    v_code text;
    v_is_over boolean;
BEGIN
    COMMIT;
    LOOP
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXIT WHEN v_is_over;
        v_next := refresh.next_view(v_done, '{}', p_lazy);
        EXIT WHEN v_next IS NULL OR pg_catalog.clock_timestamp() > v_end_at;
        SELECT tri.mode, tri.error_code INTO v_mode, v_code FROM refresh.try_run(v_next, FALSE, FALSE) AS tri;
        v_done := v_done || v_next;
        run_count := run_count + (v_mode NOT IN ('failed', 'busy'))::integer;
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
'p_max_seconds: start no further view after that time; p_lazy: see refresh.next_view(). One failing view is logged and backed off, the others go on. Call it outside a transaction.';

REVOKE ALL ON PROCEDURE refresh.run_due FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh.run_due TO tidemark_operator;
