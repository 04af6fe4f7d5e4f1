-- ops.note_call()
-- Notes that a public function was called, how long it took and how it ended.
-- requires: nothing
-- source:   docs/calls.md

-- A call must not fail because it is noted, so whatever goes wrong here is passed over.
CREATE OR REPLACE FUNCTION ops.note_call(
    p_function text,
    p_actor text,
    p_role text,
    p_started timestamptz,
    p_rows bigint DEFAULT NULL,
    p_status text DEFAULT 'ok',
    p_kind text DEFAULT 'read'
)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ms double precision;
BEGIN
    -- a standby is read only, too
    IF current_setting('transaction_read_only') = 'on' OR lower(current_setting('tidemark.call_log', TRUE) COLLATE "C") IN ('off', 'false', '0', 'no') THEN
        RETURN;
    END IF;
    BEGIN
        v_ms := extract(EPOCH FROM clock_timestamp() - p_started) * 1000;
        INSERT INTO ops.call (function_name, actor, actor_role, started_at, duration_ms, row_count, call_status, call_kind, is_slow, is_error)
        VALUES (
            p_function, p_actor, p_role, p_started, v_ms, p_rows, p_status, p_kind,
            v_ms > CASE p_kind WHEN 'report' THEN 2000 WHEN 'write' THEN 500 ELSE 100 END,
            coalesce(p_status NOT IN ('ok', 'applied'), FALSE)
        );
    EXCEPTION
        WHEN OTHERS THEN
            RETURN;
    END;
END;
$$;

COMMENT ON FUNCTION ops.note_call IS
'To be called at the end of a public function. p_started: clock_timestamp() at its beginning; p_kind: read, write or report. Does nothing in a transaction that may only read, and when the setting tidemark.call_log is off; raises nothing.';

REVOKE ALL ON FUNCTION ops.note_call FROM PUBLIC;
