-- refresh_internal.pin_clock()
-- Makes what follows in this transaction answer for the present moment and the business time zone, whoever asks.
-- requires: nothing
-- source:   docs/refresh.md, "The clock"

-- What a session looks at is its own affair; what is stored is everybody's. tidemark.clock = session is for tests that move the
-- clock on databases of their own, and only for logins that may act as the owner of the engine.
CREATE OR REPLACE FUNCTION refresh_internal.pin_clock()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_zone text;
BEGIN
    IF current_setting('tidemark.clock', TRUE) = 'session' THEN
        IF (SELECT pg_has_role(session_user, rel.relowner, 'MEMBER') FROM pg_class AS rel WHERE rel.oid = 'refresh.stored_views'::regclass) THEN
            RETURN;
        END IF;
    END IF;
    IF coalesce(current_setting('tidemark.as_of', TRUE), '') <> '' THEN
        PERFORM set_config('tidemark.as_of', '', TRUE);
    END IF;
    SELECT regexp_replace(setting.text, '^[^=]*=', '') INTO v_zone
    FROM pg_db_role_setting AS drs
    CROSS JOIN LATERAL unnest(drs.setconfig) AS setting (text)
    WHERE drs.setrole = 0 AND setting.text LIKE 'tidemark.time\_zone=%'
        AND drs.setdatabase = (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database());
    v_zone := coalesce(v_zone, 'UTC');
    IF v_zone IS DISTINCT FROM coalesce(nullif(current_setting('tidemark.time_zone', TRUE), ''), 'UTC') THEN
        PERFORM set_config('tidemark.time_zone', v_zone, TRUE);
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.pin_clock IS
'Clears tidemark.as_of and sets tidemark.time_zone to that of the database, until the end of the transaction; the caller puts back what was there.';

REVOKE ALL ON FUNCTION refresh_internal.pin_clock FROM PUBLIC;
