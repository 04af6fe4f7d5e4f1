-- refresh.index_due()
-- Keeps one index on the due column of a storage, so that a tick reads only the rows whose time has come.
-- requires: nothing
-- source:   docs/refresh.md, "Time"

CREATE OR REPLACE FUNCTION refresh.index_due(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_index text := format('due_%s_%s_idx', p_view.view_id, p_view.generation);
BEGIN
    IF p_view.mode = 'keyed' THEN
        IF to_regclass(format('refresh_data.%I', v_index)) IS NOT NULL THEN
            EXECUTE format('DROP INDEX refresh_data.%I', v_index);
        END IF;
        IF p_view.due_column IS NOT NULL THEN
            EXECUTE format('CREATE INDEX %I ON %s (%I) WHERE %3$I IS NOT NULL', v_index, p_view.storage_name, p_view.due_column);
        END IF;
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh.index_due IS
'Called for a new storage and when another due column is declared.';

REVOKE ALL ON FUNCTION refresh.index_due FROM PUBLIC;
