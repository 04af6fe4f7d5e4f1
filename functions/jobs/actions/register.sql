-- jobs.register()
-- Declares a kind of work and the one routine that does it.
-- requires: nothing
-- source:   docs/jobs.md, "Handlers"

CREATE OR REPLACE FUNCTION jobs.register(
    p_job_type text,
    handler text,
    kind text DEFAULT 'steps',
    priority text DEFAULT 'normal',
    ttl_seconds integer DEFAULT 3600,
    max_attempts integer DEFAULT 3,
    for_operators boolean DEFAULT FALSE
)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_right boolean;
BEGIN
    v_is_right := CASE register.kind
        WHEN 'steps' THEN (
            SELECT fun.prokind = 'f' AND NOT fun.proretset AND fun.prorettype = 'jsonb'::regtype
            FROM pg_proc AS fun WHERE fun.oid = to_regprocedure(register.handler || '(uuid, jsonb, jsonb)'))
        WHEN 'procedure' THEN (
            SELECT fun.prokind = 'p' FROM pg_proc AS fun WHERE fun.oid = to_regprocedure(register.handler || '(uuid, jsonb, jsonb)'))
        WHEN 'outside' THEN register.handler <> ''
    END;
    IF v_is_right IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_function',
            MESSAGE = format('%s cannot be the handler of %s', register.handler, p_job_type),
            DETAIL = format('There is none of the kind %s.', register.kind),
            HINT = 'Name, with its schema, a function (uuid, jsonb, jsonb) that returns jsonb, or with kind => ''procedure'' a procedure (uuid, jsonb, INOUT jsonb).';
    END IF;
    IF array_position(ARRAY['low', 'normal', 'high', 'critical'], register.priority) IS NULL
        OR register.ttl_seconds NOT BETWEEN 60 AND 86400 OR register.max_attempts < 1
        OR EXISTS (SELECT FROM jobs.job_type AS typ WHERE typ.job_type = p_job_type AND typ.is_builtin) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('jobs of the type %s cannot be declared like that', p_job_type),
            DETAIL = format('Priority %s, kept for %s seconds, %s attempts.', register.priority, register.ttl_seconds, register.max_attempts),
            HINT = 'Priorities are low, normal, high and critical; jobs are kept for 60 to 86400 seconds; the types refresh and tick are there already.';
    END IF;
    INSERT INTO jobs.job_type AS typ (
        job_type, handler, handler_kind, default_priority, default_ttl_seconds, max_attempts, is_for_operators
    ) VALUES (
        p_job_type, register.handler, register.kind, array_position(ARRAY['low', 'normal', 'high', 'critical'], register.priority) - 1,
        register.ttl_seconds, register.max_attempts, register.for_operators
    )
    ON CONFLICT (job_type) DO UPDATE SET
        handler = excluded.handler, handler_kind = excluded.handler_kind, default_priority = excluded.default_priority,
        default_ttl_seconds = excluded.default_ttl_seconds, max_attempts = excluded.max_attempts, is_for_operators = excluded.is_for_operators
    WHERE (typ.handler, typ.handler_kind, typ.default_priority, typ.default_ttl_seconds, typ.max_attempts, typ.is_for_operators)
        IS DISTINCT FROM (
            excluded.handler, excluded.handler_kind, excluded.default_priority, excluded.default_ttl_seconds, excluded.max_attempts,
            excluded.is_for_operators);
END;
$$;

COMMENT ON FUNCTION jobs.register IS
'Idempotent, for who applies files. kind: steps, procedure or outside, see jobs.job_type; max_attempts: 1 where a job must not begin again when its worker is lost. Raises 42883 for a handler that is not there.';

REVOKE ALL ON FUNCTION jobs.register FROM PUBLIC;
