-- planning.change_rate()
-- Lets another daily rate of a worker type begin on a day.
-- requires: planning.require_right(), planning.require_version(), planning.refuse_code(), audit.record()
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.change_rate(
    p_user_id uuid, p_worker_type_id uuid, p_start_date date, p_rate_amount numeric, p_version integer DEFAULT NULL
)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_open planning.rates;
    v_closed planning.rates;
    v_made planning.rates;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_worker', NULL, 'all');
    IF p_start_date IS NULL OR NOT isfinite(p_start_date) OR NOT coalesce(p_rate_amount > 0 AND p_rate_amount = round(p_rate_amount, 2), FALSE) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a rate has a first day and an amount above 0 with at most two decimals',
            DETAIL = format('Day %s, amount %s.', p_start_date, p_rate_amount),
            HINT = 'Give both.';
    END IF;
    -- one change at a time of one type
    PERFORM FROM planning.worker_types AS typ WHERE typ.id = p_worker_type_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('there is no worker type %s', p_worker_type_id),
            DETAIL = 'Rates belong to worker types.',
            HINT = 'Name one of planning.worker_types.';
    END IF;
    SELECT rat.* INTO v_open FROM planning.rates AS rat
    WHERE rat.worker_type_id = p_worker_type_id AND rat.end_date IS NULL FOR UPDATE;
    PERFORM planning.require_version(v_open.version, p_version);
    IF p_start_date <= v_open.start_date + 1 THEN
        PERFORM planning.refuse_code(
            'RATE_CHANGE_TOO_EARLY', 'the rate before it would last for one day or less',
            format('The open rate starts on %s, the new one would on %s.', v_open.start_date, p_start_date),
            format('Let it begin on %s or later.', v_open.start_date + 2)
        );
    ELSIF EXISTS (
        SELECT FROM planning.rates AS rat WHERE rat.worker_type_id = p_worker_type_id AND rat.end_date >= p_start_date
    ) THEN
        PERFORM planning.refuse_code(
            'RATE_OVERLAP', 'another rate covers this day or a later one',
            format('The type has a closed rate that ends on %s or later.', p_start_date),
            'Begin after the last rate has ended.'
        );
    END IF;
    IF v_open.id IS NOT NULL THEN
        UPDATE planning.rates AS rat SET end_date = p_start_date - 1 WHERE rat.id = v_open.id RETURNING rat.* INTO v_closed;
        PERFORM audit.record('planning', 'Rate', v_open.id::text, 'UPDATE', p_user_id::text, to_jsonb(v_open), to_jsonb(v_closed));
    END IF;
    INSERT INTO planning.rates (worker_type_id, rate_amount, start_date) VALUES (p_worker_type_id, p_rate_amount, p_start_date)
    RETURNING * INTO v_made;
    PERFORM audit.record('planning', 'Rate', v_made.id::text, 'CREATE', p_user_id::text, p_after => to_jsonb(v_made));
    RETURN v_made.id;
END;
$$;

COMMENT ON FUNCTION planning.change_rate IS
'Closes the open rate the day before; the first rate of a type just opens. Gives the id of the new one. Stored costs stay. p_version: of the open rate. Raises 42501, P0002, 22023, 40001, and 23514 with RATE_CHANGE_TOO_EARLY or RATE_OVERLAP.';

REVOKE ALL ON FUNCTION planning.change_rate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.change_rate TO tidemark_app;
