-- refresh_internal.run_group()
-- Refreshes stored views that switch together, in a transaction of its own under one snapshot.
-- requires: refresh.try_run()
-- source:   docs/refresh.md, "Together"

-- A procedure that commits cannot pin its search_path, so every name is written in full; it runs with the caller's rights. It
-- stands alone because nothing, not even a condition, may be evaluated before the isolation level is set.
CREATE OR REPLACE PROCEDURE refresh_internal.run_group(p_view text, INOUT p_mode text DEFAULT NULL, INOUT p_code text DEFAULT NULL)
LANGUAGE plpgsql
AS $$
BEGIN
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
    SET LOCAL synchronous_commit = off;
    SELECT tri.mode, tri.error_code INTO p_mode, p_code FROM refresh.try_run(p_view, FALSE, FALSE) AS tri;
    COMMIT;
END;
$$;

COMMENT ON PROCEDURE refresh_internal.run_group IS
'p_view: one of the group. p_mode and p_code: mode and error_code of refresh.try_run().';

REVOKE ALL ON PROCEDURE refresh_internal.run_group FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh_internal.run_group TO tidemark_operator;
