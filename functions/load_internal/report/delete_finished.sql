-- load_internal.delete_finished()
-- Deletes records of uploads that ended long ago, but for those that a domain still refers to.
-- requires: nothing
-- source:   docs/loading.md, "Tidying up"

CREATE OR REPLACE FUNCTION load_internal.delete_finished(p_before timestamptz)
RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload_id bigint;
    v_unused text;
    v_count bigint := 0;
BEGIN
    -- the records themselves go in any case: they were kept to be corrected
    DELETE FROM load.rejected_records AS rec USING load.uploads AS upl
    WHERE rec.upload_id = upl.upload_id AND upl.finished_at < p_before;

    -- which tables refer to uploads only the catalogue knows: the loader knows no domain
    SELECT string_agg(
        format(' AND NOT EXISTS (SELECT FROM %s AS ref WHERE ref.%I = upl.upload_id)', con.conrelid::regclass, att.attname), ''
    ) INTO v_unused
    FROM pg_constraint AS con
    INNER JOIN pg_attribute AS att ON con.conrelid = att.attrelid AND att.attnum = con.conkey[1]
    WHERE con.contype = 'f'
        AND con.confrelid = 'load.uploads'::regclass
        AND con.confdeltype IN ('a', 'r')
        AND has_table_privilege(con.conrelid, 'SELECT');
    FOR v_upload_id IN
        EXECUTE format('SELECT upl.upload_id FROM load.uploads AS upl WHERE upl.finished_at < $1%s', coalesce(v_unused, ''))
        USING p_before
    LOOP
        BEGIN
            DELETE FROM load.uploads AS upl WHERE upl.upload_id = v_upload_id;
            v_count := v_count + 1;
        EXCEPTION
            WHEN foreign_key_violation THEN
                NULL;  -- a row that we may not see, or that came a moment ago, refers to it: it stays
        END;
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION load_internal.delete_finished IS
'Returns how many uploads were deleted, with their issues, outcomes and timings. Rejected records older than that are deleted also where the upload stays.';

REVOKE ALL ON FUNCTION load_internal.delete_finished FROM PUBLIC;
