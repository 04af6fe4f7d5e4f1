-- planning.close_rate()
-- Lets the rate of a worker type end without another one after it.
-- requires: planning.require_right(), planning.require_version(), planning.refuse_code(), audit.record()
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.close_rate(
    p_user_id uuid, p_worker_type_id uuid, p_end_date date, p_version integer DEFAULT NULL
)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_open planning.rates;
    v_closed planning.rates;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_worker', NULL, 'all');
    PERFORM FROM planning.worker_types AS typ WHERE typ.id = p_worker_type_id FOR NO KEY UPDATE;
    SELECT rat.* INTO v_open FROM planning.rates AS rat
    WHERE rat.worker_type_id = p_worker_type_id AND rat.end_date IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('worker type %s has no open rate', p_worker_type_id),
            DETAIL = 'Only a rate without a last day can be closed.',
            HINT = 'Look at planning.rates.';
    END IF;
    PERFORM planning.require_version(v_open.version, p_version);
    IF NOT coalesce(p_end_date > v_open.start_date AND isfinite(p_end_date), FALSE) THEN
        PERFORM planning.refuse_code(
            'RATE_TOO_SHORT', 'a rate lasts for two days at least',
            format('It starts on %s and would end on %s.', v_open.start_date, p_end_date),
            format('Let it end on %s or later.', v_open.start_date + 1)
        );
    END IF;
    UPDATE planning.rates AS rat SET end_date = p_end_date WHERE rat.id = v_open.id RETURNING rat.* INTO v_closed;
    PERFORM audit.record('planning', 'Rate', v_open.id::text, 'UPDATE', p_user_id::text, to_jsonb(v_open), to_jsonb(v_closed));
    RETURN v_closed.version;
END;
$$;

COMMENT ON FUNCTION planning.close_rate IS
'p_end_date: its last day. Gives the new version. Raises 42501, P0002, 40001, and 23514 with RATE_TOO_SHORT.';

REVOKE ALL ON FUNCTION planning.close_rate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.close_rate TO tidemark_app;
