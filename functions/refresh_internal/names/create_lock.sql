-- refresh_internal.create_lock()
-- Makes the table whose lock stands for a stored view.
-- requires: nothing
-- source:   docs/refresh.md, "Locks"

-- Partitioned and without partitions: it has no file, and no vacuum ever holds it.
CREATE OR REPLACE FUNCTION refresh_internal.create_lock(p_view_id integer)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET default_tablespace = ''  -- a partitioned table may not be told the tablespace of its database by name
AS $$
BEGIN
    IF to_regclass(format('refresh_data.lock_of_%s', p_view_id)) IS NOT NULL THEN
        RETURN;
    END IF;
    -- what locked views before: runs that began with it are waited for, and new ones wait until this one is there
    PERFORM pg_advisory_xact_lock(hashtext('tidemark.refresh'), p_view_id);
    EXECUTE format('CREATE TABLE refresh_data.lock_of_%s (view_id integer) PARTITION BY LIST (view_id)', p_view_id);
    EXECUTE format('COMMENT ON TABLE refresh_data.lock_of_%s IS %L', p_view_id,
        'Holds no row. Whoever refreshes or changes the stored view of this number has it locked.');
END;
$$;

COMMENT ON FUNCTION refresh_internal.create_lock IS
'Does nothing when it is there.';

REVOKE ALL ON FUNCTION refresh_internal.create_lock FROM PUBLIC;
