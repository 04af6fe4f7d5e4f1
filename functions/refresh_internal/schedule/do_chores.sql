-- refresh_internal.do_chores()
-- Does the tidying up that is due.
-- requires: refresh_internal.trim_log(), refresh_internal.drop_retired()
-- source:   docs/refresh.md, "Chores"

CREATE OR REPLACE FUNCTION refresh_internal.do_chores()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off SET exit_on_error = off
AS $$
DECLARE
    v_chore refresh_internal.chores;
    v_done integer := 0;
    v_code text;
    v_message text;
BEGIN
    FOR v_chore IN
        SELECT cho.* FROM refresh_internal.chores AS cho
        WHERE coalesce(cho.last_at + cho.every <= clock_timestamp(), TRUE) AND to_regproc(cho.call) IS NOT NULL
        -- what each tick does comes last: its locks are then held for the shortest time
        ORDER BY cho.every DESC, cho.chore_name
        -- two ticks at once share the work
        FOR UPDATE SKIP LOCKED
    LOOP
        v_code := NULL;
        v_message := NULL;
        BEGIN
            EXECUTE format('SELECT %s()', to_regproc(v_chore.call));
        EXCEPTION
            WHEN OTHERS THEN  -- tidying up must not stop the refreshes
                GET STACKED DIAGNOSTICS v_code = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT;
        END;
        v_done := v_done + 1;
        CONTINUE WHEN v_chore.every = interval '0' AND v_chore.error_code IS NOT DISTINCT FROM v_code;
        UPDATE refresh_internal.chores AS cho
        SET last_at = clock_timestamp(), error_code = v_code, error_message = v_message
        WHERE cho.chore_name = v_chore.chore_name;
    END LOOP;
    RETURN v_done;
END;
$$;

COMMENT ON FUNCTION refresh_internal.do_chores IS
'Number of chores done. One that fails is noted in refresh_internal.chores and tried again when it is due.';

REVOKE ALL ON FUNCTION refresh_internal.do_chores FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.do_chores TO tidemark_operator;
