-- deploy_internal.lock_patiently()
-- Takes several locks at once, or none: it tries again until nobody is in the way.
-- requires: nothing
-- source:   docs/beside.md, "On a busy database"

-- While it waits for one lock, this session holds others that readers wait for. A reader that waits as long as deadlock_timeout
-- looks for a deadlock, and would be the one to fail. So no attempt lasts that long: it gives everything back and starts again.
CREATE OR REPLACE FUNCTION deploy_internal.lock_patiently(p_statements text[], p_what text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_timeout text := current_setting('lock_timeout');
    v_started_at timestamptz := clock_timestamp();
    -- the session's own lock_timeout is how long it will wait; without one: ten seconds
    v_patience interval := CASE WHEN v_timeout = '0' THEN interval '10 s' ELSE v_timeout::interval END;
    v_until timestamptz;
    v_statement text;
    v_holders text;
BEGIN
    LOOP
        v_until := clock_timestamp() + least(current_setting('deadlock_timeout')::interval / 2, v_patience);
        BEGIN
            FOREACH v_statement IN ARRAY coalesce(p_statements, '{}') LOOP
                PERFORM set_config('lock_timeout', format('%sms',
                    greatest(5, ceil(1000 * extract(EPOCH FROM v_until - clock_timestamp())))), TRUE);
                EXECUTE v_statement;
            END LOOP;
            EXIT;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                -- who holds something now that was asked for
                SELECT string_agg(DISTINCT format('%s (%s, %s)', act.pid, act.usename,
                    coalesce(nullif(act.application_name, ''), 'no application name')), ', ')
                INTO v_holders
                FROM deploy.stepped_aside AS asi
                INNER JOIN pg_locks AS loc ON loc.locktype = 'relation' AND loc.granted AND loc.relation = to_regclass(asi.identity)
                INNER JOIN pg_stat_activity AS act ON loc.pid = act.pid AND act.datname = current_database()
                WHERE asi.kind IN ('table', 'view', 'materialized view') AND act.pid <> pg_backend_pid();
        END;
        IF clock_timestamp() - v_started_at >= v_patience THEN
            RAISE EXCEPTION USING
                ERRCODE = 'lock_not_available',
                MESSAGE = format('%s is in use', p_what),
                DETAIL = concat_ws(' ', format('Tried for %s: %s.', v_patience, v_statement), 'Sessions that held it or what stands on it: ' || v_holders || '.'),
                HINT = 'Try again when they are done, or wait longer: SET LOCAL lock_timeout = ''1min''.';
        END IF;
        PERFORM pg_sleep(0.02 + 0.1 * random());
    END LOOP;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
END;
$$;

COMMENT ON FUNCTION deploy_internal.lock_patiently IS
'Waits as long as lock_timeout, ten seconds when there is none; then raises 55P03 and names the sessions in the way.';

REVOKE ALL ON FUNCTION deploy_internal.lock_patiently FROM PUBLIC;
