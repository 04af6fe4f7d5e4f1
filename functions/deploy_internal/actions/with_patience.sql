-- deploy_internal.with_patience()
-- Tries a step again and again until nobody is in its way, and gives all locks back in between.
-- requires: deploy_internal.free(), deploy_internal.leave()
-- source:   docs/beside.md, "On a busy database"

CREATE OR REPLACE FUNCTION deploy_internal.with_patience(p_classid oid, p_objids oid[], p_is_dropped boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_timeout text := current_setting('lock_timeout');
    v_started_at timestamptz := clock_timestamp();
    -- the session's own lock_timeout is how long it will wait; without one: ten seconds
    v_patience interval := CASE WHEN v_timeout = '0' THEN interval '10 s' ELSE v_timeout::interval END;
    v_attempt interval := least(current_setting('deadlock_timeout')::interval / 2, v_patience);
    v_objid oid;
    v_message text;
    v_holders text;
BEGIN
    LOOP
        BEGIN
            PERFORM set_config('tidemark.attempt_until', (clock_timestamp() + v_attempt)::text, TRUE);
            IF p_is_dropped THEN
                FOREACH v_objid IN ARRAY p_objids LOOP
                    PERFORM deploy_internal.leave(p_classid, v_objid, TRUE);
                END LOOP;
            ELSE
                PERFORM deploy_internal.free(p_objids);
            END IF;
            EXIT;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                GET STACKED DIAGNOSTICS v_message = PG_EXCEPTION_CONTEXT;
        END;
        IF clock_timestamp() - v_started_at >= v_patience THEN
            SELECT string_agg(DISTINCT format('%s (%s, %s)', act.pid, act.usename, coalesce(nullif(act.application_name, ''), 'no application name')), ', ')
            INTO v_holders
            FROM deploy_internal.dependents_of(p_classid, p_objids) AS dep
            INNER JOIN pg_locks AS loc
                ON loc.locktype = 'relation' AND loc.granted AND (loc.relation = dep.objid OR loc.relation = ANY (p_objids))
                AND loc.database = (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database())
            INNER JOIN pg_stat_activity AS act ON loc.pid = act.pid
            WHERE act.pid <> pg_backend_pid();
            RAISE EXCEPTION USING
                ERRCODE = 'lock_not_available',
                MESSAGE = format('%s is in use, and nothing could step aside', (SELECT string_agg(objid::regclass::text, ', ') FROM unnest(p_objids) AS root (objid))),
                DETAIL = concat_ws(' ', format('Tried for %s.', v_patience), 'Sessions that hold it or what stands on it now: ' || v_holders || '.'),
                HINT = 'Try again when they are done, or wait longer: SET LOCAL lock_timeout = ''1min''.';
        END IF;
        PERFORM pg_sleep(0.05 + 0.1 * random());
    END LOOP;
    PERFORM set_config('tidemark.attempt_until', '', TRUE);
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
END;
$$;

COMMENT ON FUNCTION deploy_internal.with_patience IS
'p_is_dropped: takes these objects out of the way; otherwise frees these relations. Raises 55P03 and names who is in the way.';

REVOKE ALL ON FUNCTION deploy_internal.with_patience FROM PUBLIC;
