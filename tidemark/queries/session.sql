-- name: pin_session
-- Gives every setting that could change a result, or what a text means, its one value; and tells those that a login may
-- have been given and that the runner respects. In one statement, which does nothing where %(pid)s is another process
-- than the one that answers: there a pooler stands between, and a SET would land in somebody else's session; NULL: any
-- process. Names are qualified, as the search_path is not yet pinned. is_local: for the transaction only. What each setting may do, and why
-- the others are not here: tests/session/user_settings.csv.
WITH here AS (
    SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.pg_is_in_recovery() AS is_standby
),

pins (name, value) AS (
    VALUES
        ('search_path', 'public'),
        ('client_encoding', 'UTF8'),
        ('client_min_messages', 'warning'),
        ('TimeZone', 'UTC'),
        ('timezone_abbreviations', 'Default'),
        ('DateStyle', 'ISO, YMD'),
        ('IntervalStyle', 'postgres'),
        ('lc_monetary', 'C'),
        ('lc_numeric', 'C'),
        ('lc_time', 'C'),
        ('extra_float_digits', '1'),
        ('bytea_output', 'hex'),
        ('xmlbinary', 'base64'),
        ('xmloption', 'content'),
        ('standard_conforming_strings', 'on'),
        ('escape_string_warning', 'on'),
        ('backslash_quote', 'safe_encoding'),
        ('array_nulls', 'on'),
        ('transform_null_equals', 'off'),
        ('quote_all_identifiers', 'off'),
        ('gin_fuzzy_search_limit', '0'),
        ('row_security', 'on'),
        ('restrict_nonsystem_relation_kind', ''),
        ('check_function_bodies', 'on'),
        ('createrole_self_grant', ''),
        ('default_transaction_isolation', 'read committed'),
        ('default_transaction_deferrable', 'off'),
        ('exit_on_error', 'off'),
        -- the tablespace of the database, said by name: partitioned tables refuse it; another one is the login's choice
        ('default_tablespace', (
            SELECT
                CASE WHEN tsp.spcname::pg_catalog.text OPERATOR(pg_catalog.<>) given.name THEN given.name ELSE '' END
            FROM pg_catalog.pg_database AS dat
            INNER JOIN pg_catalog.pg_tablespace AS tsp ON dat.dattablespace OPERATOR(pg_catalog.=) tsp.oid
            CROSS JOIN pg_catalog.current_setting('default_tablespace') AS given (name)
            WHERE dat.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
        )),
        ('plpgsql.check_asserts', 'on'),
        ('plpgsql.extra_errors', 'none'),
        ('plpgsql.extra_warnings', 'none')
),

respected (name) AS (
    VALUES
        ('statement_timeout'),
        ('transaction_timeout'),
        ('idle_in_transaction_session_timeout'),
        ('idle_session_timeout'),
        ('default_transaction_read_only')
),

wanted AS (
    SELECT pin.name, pin.value, TRUE AS is_pin FROM pins AS pin
    UNION ALL
    SELECT res.name, NULL, FALSE FROM respected AS res
)

SELECT
    wan.name,
    wan.is_pin,
    sts.source,
    here.pid,
    here.is_standby,
    CASE WHEN sts.name IS NOT NULL AND NOT wan.is_pin THEN pg_catalog.current_setting(wan.name) END AS given,
    -- a name with a dot belongs to a module that may not be loaded yet
    CASE
        WHEN wan.is_pin AND (sts.name IS NOT NULL OR pg_catalog.strpos(wan.name, '.') OPERATOR(pg_catalog.>) 0)
            AND here.pid OPERATOR(pg_catalog.=) coalesce(%(pid)s::pg_catalog.int4, here.pid)
            THEN pg_catalog.set_config(wan.name, wan.value, %(is_local)s::pg_catalog.bool)
    END AS pinned
FROM here
CROSS JOIN wanted AS wan
LEFT JOIN pg_catalog.pg_settings AS sts
    ON wan.name OPERATOR(pg_catalog.=) sts.name;

-- name: unset_session
-- Takes back every SET of a file, its role included.
RESET SESSION AUTHORIZATION;
RESET ROLE;
RESET ALL;

-- name: session_pid
-- The server's process for this session.
SELECT pg_catalog.pg_backend_pid();

-- name: session_age
-- is_new: the session that answers was opened while the session $1, a process of the server, had nothing to do.
SELECT
    me.pid,
    coalesce(own.state OPERATOR(pg_catalog.=) 'idle'
        AND me.backend_start OPERATOR(pg_catalog.>) own.state_change, FALSE) AS is_new
FROM pg_catalog.pg_stat_activity AS me
LEFT JOIN pg_catalog.pg_stat_activity AS own ON own.pid OPERATOR(pg_catalog.=) $1::pg_catalog.int4
WHERE me.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid();

-- name: database_access
-- Whether the login may connect to a database; no row when there is none of that name.
SELECT pg_catalog.has_database_privilege(dat.oid, 'CONNECT') AS may_connect
FROM pg_catalog.pg_database AS dat
WHERE dat.datname OPERATOR(pg_catalog.=) %(database)s;
