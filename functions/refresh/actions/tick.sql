-- refresh.tick()
-- The one call a scheduler needs: refresh what needs it, keep the logs, say how it went.
-- requires: refresh.run_due(), refresh_internal.note_lags(), refresh_internal.do_chores()
-- source:   docs/refresh.md, "Scheduling"

CREATE OR REPLACE PROCEDURE refresh.tick(
    p_max_seconds numeric DEFAULT 50,
    INOUT run_count integer DEFAULT 0,
    INOUT failed_count integer DEFAULT 0,
    INOUT busy_count integer DEFAULT 0,
    INOUT late_count integer DEFAULT 0
)
LANGUAGE plpgsql
AS $$
BEGIN
    CALL refresh.run_due(p_max_seconds, TRUE, run_count, failed_count, busy_count);
    late_count := refresh_internal.note_lags();
    PERFORM refresh_internal.do_chores();
    COMMIT;
END;
$$;

COMMENT ON PROCEDURE refresh.tick IS
'Safe to call twice at once and at any interval; returns the number of views run, failed, found busy, and still older than they promise. Call it outside a transaction.';

REVOKE ALL ON PROCEDURE refresh.tick FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh.tick TO tidemark_operator;
