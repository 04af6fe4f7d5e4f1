-- refresh.rebuild()
-- Recomputes a whole stored view and changes the rows that differ; readers notice nothing.
-- requires: refresh.run()
-- source:   docs/refresh.md, "Rebuilding"

CREATE OR REPLACE FUNCTION refresh.rebuild(
    view text,
    OUT view_name text,
    OUT mode text,
    OUT reason text,
    OUT change_count bigint,
    OUT key_count bigint,
    OUT inserted_count bigint,
    OUT updated_count bigint,
    OUT deleted_count bigint,
    OUT duration_ms double precision
)
LANGUAGE sql
BEGIN ATOMIC
    SELECT
        run.view_name, run.mode, run.reason, run.change_count, run.key_count,
        run.inserted_count, run.updated_count, run.deleted_count, run.duration_ms
    FROM refresh.run(rebuild.view, TRUE) AS run;
END;

COMMENT ON FUNCTION refresh.rebuild IS
'The same as refresh.run(view, TRUE). Heals whatever a source changed without its triggers: session_replication_role = replica, disabled triggers, logical replication.';

REVOKE ALL ON FUNCTION refresh.rebuild FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.rebuild TO tidemark_operator;
