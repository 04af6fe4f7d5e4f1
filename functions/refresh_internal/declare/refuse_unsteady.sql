-- refresh_internal.refuse_unsteady()
-- Refuses a live view whose rows change without any change of its sources, or depend on who asks.
-- requires: refresh_internal.objects_of(), refresh_internal.refuse()
-- source:   docs/refresh.md, "What a view reads"

-- PostgreSQL records no dependency on what comes with the server, but the stored form of a query names every function by number.
CREATE OR REPLACE FUNCTION refresh_internal.refuse_unsteady(p_live regclass)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_clock text;
    v_other text;
    v_catalog text;
    v_value text;
BEGIN
    WITH object AS MATERIALIZED (
        SELECT obj.object_kind, obj.object_id FROM refresh_internal.objects_of(p_live) AS obj
    ),

    body AS MATERIALIZED (
        SELECT rul.ev_action::text AS tree, TRUE AS is_view
        FROM object AS obj
        INNER JOIN pg_rewrite AS rul ON obj.object_kind = 'view' AND rul.ev_class = obj.object_id
        UNION
        SELECT fun.prosqlbody::text, FALSE
        FROM object AS obj
        INNER JOIN pg_proc AS fun ON obj.object_kind = 'function' AND fun.oid = obj.object_id
        INNER JOIN pg_namespace AS nsp ON fun.pronamespace = nsp.oid
        WHERE fun.prosqlbody IS NOT NULL AND nsp.nspname NOT IN ('refresh', 'refresh_internal')
    ),

    called AS (
        SELECT DISTINCT fun.proname::text AS name
        FROM body
        CROSS JOIN LATERAL regexp_matches(body.tree, ':funcid (\d+)', 'g') AS found (number)
        INNER JOIN pg_proc AS fun ON fun.oid = found.number[1]::oid AND fun.oid < 16384
    )

    SELECT
        (SELECT string_agg(called.name || '()', ', ' ORDER BY called.name) FROM called
         WHERE called.name IN ('now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp', 'timeofday')),
        (SELECT string_agg(called.name || '()', ', ' ORDER BY called.name) FROM called
         WHERE called.name IN ('random', 'random_normal', 'nextval', 'currval', 'lastval', 'gen_random_uuid', 'uuidv4', 'uuidv7',
            'pg_backend_pid', 'inet_client_addr')),
        (SELECT string_agg(DISTINCT found.number[1]::oid::regclass::text, ', ') FROM body
         CROSS JOIN LATERAL regexp_matches(body.tree, ':relid (\d+)', 'g') AS found (number)
         WHERE found.number[1]::oid BETWEEN 1 AND 16383),
        (SELECT 'CURRENT_DATE, CURRENT_USER or one of their kin' FROM body WHERE body.is_view AND body.tree LIKE '%SQLVALUEFUNCTION%' LIMIT 1)
    INTO v_clock, v_other, v_catalog, v_value;
    v_clock := coalesce(v_clock, v_value);
    IF v_clock IS NOT NULL THEN
        PERFORM refresh_internal.refuse('invalid_table_definition', format('rows of %s would be right for one moment or one reader only', p_live),
            format('It uses %s.', v_clock),
            'Ask refresh.now() or refresh.as_of_date() for the time; decide who may see a row in a view over the stored one.');
    END IF;
    IF v_other IS NOT NULL OR v_catalog IS NOT NULL THEN
        PERFORM refresh_internal.refuse('invalid_table_definition', format('changes of what %s shows would not be captured', p_live),
            format('It uses %s.', concat_ws(', ', v_other, v_catalog)),
            'Keep such values in a table, or read them in a plain view over the stored one.');
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.refuse_unsteady IS
'Raises 42P16 for the clock of the server, random values, sequences, the current user and system catalogues, in views and SQL functions below.';

REVOKE ALL ON FUNCTION refresh_internal.refuse_unsteady FROM PUBLIC;
