-- refresh_internal.create_marks()
-- Makes the table of changes that concern every key of one stored view.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

CREATE OR REPLACE FUNCTION refresh_internal.create_marks(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('refresh_data.marks_of_%s', p_view.view_id)) IS NOT NULL THEN
        RETURN;
    END IF;
    -- names so short that the table needs no other one for long values
    EXECUTE format('CREATE TABLE refresh_data.marks_of_%s (tidemark_at timestamptz NOT NULL, source_name varchar(300) NOT NULL) '
        'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)', p_view.view_id);
    EXECUTE format('COMMENT ON TABLE refresh_data.marks_of_%s IS %L', p_view.view_id,
        format('Changes that concern every key of %s and that no queue tells. Emptied by refresh.run().', p_view.view_name));
END;
$$;

COMMENT ON FUNCTION refresh_internal.create_marks IS
'Does nothing when it is there.';

REVOKE ALL ON FUNCTION refresh_internal.create_marks FROM PUBLIC;
