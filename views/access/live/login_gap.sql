-- access.login_gap
-- What the logins of dashboards, and the database they connect to, lack of what they should have.
-- grain:    one row per login and thing it lacks; login NULL: of the whole database
-- requires: nothing
-- source:   docs/access.md, "What a BI login should have"

CREATE OR REPLACE VIEW access.login_gap AS
WITH place AS (
    SELECT
        dat.oid,
        dat.datname,
        pg_get_userbyid((SELECT cls.relowner FROM pg_catalog.pg_class AS cls WHERE cls.oid = 'access.grants'::regclass)) AS owner,
        aclexplode.grantee IS NOT NULL AS is_public
    FROM pg_catalog.pg_database AS dat
    LEFT JOIN LATERAL (
        SELECT min(acl.grantee::bigint) AS grantee
        FROM aclexplode(coalesce(dat.datacl, acldefault('d', dat.datdba))) AS acl
        WHERE acl.grantee = 0 AND acl.privilege_type IN ('CONNECT', 'TEMPORARY')
    ) AS aclexplode ON TRUE
    WHERE dat.datname = current_database()
),

-- who reads bi and has no other part in Tidemark
reader AS (
    SELECT
        rol.oid,
        rol.rolname,
        rol.rolconnlimit,
        rol.rolcreaterole OR rol.rolcreatedb OR rol.rolreplication OR rol.rolbypassrls AS has_attributes,
        (
            -- the setting of the login in this database comes before that of the login, and that before the database's
            SELECT coalesce(array_agg(word.name) FILTER (WHERE NOT (
                word.value IN ('', '0', 'off', 'false', 'no') OR word.value ~ '^0[a-z]+$'
                OR (word.name = 'search_path' AND word.value !~ '^"?bi"?($|,)')
            )), '{}')
            FROM (
                SELECT DISTINCT ON (split_part(item.setting, '=', 1))
                    split_part(item.setting, '=', 1) AS name,
                    split_part(item.setting, '=', 2) AS value
                FROM pg_catalog.pg_db_role_setting AS opt
                CROSS JOIN LATERAL unnest(opt.setconfig) AS item (setting)
                WHERE opt.setrole IN (rol.oid, 0) AND opt.setdatabase IN (place.oid, 0)
                ORDER BY split_part(item.setting, '=', 1), opt.setrole <> 0 DESC, opt.setdatabase <> 0 DESC
            ) AS word
        ) AS settings
    FROM pg_catalog.pg_roles AS rol
    CROSS JOIN place
    WHERE rol.rolcanlogin AND NOT rol.rolsuper AND pg_has_role(rol.oid, 'tidemark_bi', 'MEMBER')
        AND NOT pg_has_role(rol.oid, 'tidemark_app', 'MEMBER') AND NOT pg_has_role(rol.oid, 'tidemark_loader', 'MEMBER')
        AND NOT pg_has_role(rol.oid, 'tidemark_operator', 'MEMBER') AND NOT pg_has_role(rol.oid, place.owner, 'MEMBER')
)

SELECT
    NULL::text AS login,
    'connect' AS subject,
    'every login of the server may connect and make temporary tables' AS problem,
    format(
        'GRANT CONNECT ON DATABASE %1$I TO tidemark_app, tidemark_bi, tidemark_loader, tidemark_operator; '
        'GRANT CONNECT, TEMPORARY ON DATABASE %1$I TO %2$I; REVOKE CONNECT, TEMPORARY ON DATABASE %1$I FROM PUBLIC;',
        place.datname, place.owner
    ) AS remedy,
    FALSE AS needs_superuser
FROM place
WHERE place.is_public AND EXISTS (SELECT FROM reader)
UNION ALL
SELECT
    NULL,
    'large objects',
    'every login may make large objects, which belong to no schema and have no limit',
    'REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;',
    TRUE
FROM pg_catalog.pg_proc AS pro
CROSS JOIN LATERAL aclexplode(coalesce(pro.proacl, acldefault('f', pro.proowner))) AS acl
WHERE pro.oid = 'pg_catalog.lo_create(oid)'::regprocedure AND acl.grantee = 0 AND EXISTS (SELECT FROM reader)
UNION ALL
SELECT
    NULL,
    'schema public',
    'every login may make objects in schema public',
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC;',
    FALSE
FROM pg_catalog.pg_namespace AS nsp
CROSS JOIN LATERAL aclexplode(nsp.nspacl) AS acl
WHERE nsp.nspname = 'public' AND acl.grantee = 0 AND acl.privilege_type = 'CREATE' AND EXISTS (SELECT FROM reader)
UNION ALL
SELECT
    rea.rolname,
    want.setting,
    want.problem,
    format('ALTER ROLE %I IN DATABASE %I SET %s = %s;', rea.rolname, current_database(), want.setting, want.value),
    FALSE
FROM reader AS rea
CROSS JOIN (
    VALUES
    ('default_transaction_read_only', 'on', 'a transaction may write unless it says otherwise'),
    ('statement_timeout', '''60s''', 'a statement may run for ever'),
    ('idle_in_transaction_session_timeout', '''60s''', 'an idle transaction may hold its locks for ever'),
    ('search_path', 'bi', 'a name without a schema is not looked for in bi')
) AS want (setting, value, problem)
WHERE want.setting <> ALL(rea.settings)
UNION ALL
SELECT
    rea.rolname,
    'connections',
    'it may take every connection of the server',
    format('ALTER ROLE %I CONNECTION LIMIT 10;', rea.rolname),
    FALSE
FROM reader AS rea
WHERE rea.rolconnlimit = -1
UNION ALL
SELECT
    rea.rolname,
    'attributes',
    'it may make roles or databases, replicate or pass row security',
    format('ALTER ROLE %I NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;', rea.rolname),
    TRUE
FROM reader AS rea
WHERE rea.has_attributes
UNION ALL
SELECT
    rea.rolname,
    'schemas',
    'it may use schemas beside bi: ' || string_agg(nsp.nspname, ', ' ORDER BY nsp.nspname),
    NULL,
    FALSE
FROM reader AS rea
INNER JOIN pg_catalog.pg_namespace AS nsp ON has_schema_privilege(rea.oid, nsp.oid, 'USAGE')
WHERE nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('bi', 'public', 'information_schema')
GROUP BY rea.oid, rea.rolname
UNION ALL
SELECT
    rea.rolname,
    'grants',
    'it sees no row of bi: nothing is granted to it',
    NULL,
    FALSE
FROM reader AS rea
WHERE NOT pg_has_role(rea.oid, 'tidemark_bi_all', 'USAGE') AND NOT EXISTS (
    SELECT FROM access.grants AS gra
    INNER JOIN pg_catalog.pg_roles AS rol ON gra.login_oid = rol.oid AND gra.login = rol.rolname
    WHERE pg_has_role(rea.oid, rol.oid, 'USAGE')
);

COMMENT ON VIEW access.login_gap IS
'Empty while no login is a member of tidemark_bi alone. remedy: the statement that ends it, NULL where somebody must decide; needs_superuser: only a superuser may run it. A login that is also a member of tidemark_app, tidemark_loader or tidemark_operator is no BI login. A login can change its own timeouts and read-only default: they stop accidents, not intent.';
