-- refresh_internal.is_rewritten()
-- Decides whether rows of a source may have changed without a writer since its capture was last looked at.
-- requires: refresh_internal.crash_mark_now()
-- source:   docs/refresh.md, "Capture"

-- ALTER TABLE ... USING computes values anew and fires no trigger; it writes the row of the column and another file. VACUUM FULL, CLUSTER and
-- TRUNCATE write another file alone, a new default or NOT NULL the row of the column alone.
CREATE OR REPLACE FUNCTION refresh_internal.is_rewritten(
    p_source refresh.captured_sources, p_is_unlogged boolean, p_files text[], p_columns text[]
)
RETURNS boolean LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT p_source.capture_state <> '{}' AND CASE
        WHEN p_source.storage_files IS NULL THEN TRUE
        WHEN NOT p_source.storage_files <@ p_files AND NOT p_source.storage_columns <@ p_columns THEN TRUE
        -- a column that is gone may be back under its name, with other values
        WHEN EXISTS (
            SELECT split_part(col.sign, '.', 1) FROM unnest(p_source.storage_columns) AS col (sign)
            EXCEPT
            SELECT split_part(col.sign, '.', 1) FROM unnest(p_columns) AS col (sign)
        ) THEN TRUE
        WHEN p_is_unlogged THEN refresh_internal.crash_mark_now() IS DISTINCT FROM p_source.crash_mark
        ELSE FALSE
    END;
END;

COMMENT ON FUNCTION refresh_internal.is_rewritten IS
'The other arguments: what refresh_internal.capture_state() says now. True also for a source that was never looked at in this way.';

REVOKE ALL ON FUNCTION refresh_internal.is_rewritten FROM PUBLIC;
