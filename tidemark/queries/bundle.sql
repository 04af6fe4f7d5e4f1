-- name: bundle_session
-- How a bundle begins: the settings that the runner gives its session, one transaction, nobody else at work.
SET client_encoding = 'UTF8';
SET search_path = public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET standard_conforming_strings = on;
SET check_function_bodies = on;
SET array_nulls = on;
SET transform_null_equals = off;
SET xmloption = content;
SET quote_all_identifiers = off;
SET default_transaction_read_only = off;
SET client_min_messages = warning;
SET lock_timeout = '5s';
SET default_transaction_isolation = 'read committed';

BEGIN;

DO $check$
BEGIN
    IF current_setting('server_version_num')::integer < 150000 THEN
        RAISE EXCEPTION 'the server runs PostgreSQL %, which is too old', current_setting('server_version')
            USING ERRCODE = 'feature_not_supported', HINT = 'Tidemark needs PostgreSQL 15 or later.';
    END IF;
    -- partitioned tables refuse the tablespace of their database when it is said by name
    IF current_setting('default_tablespace') = (
        SELECT tsp.spcname
        FROM pg_database AS dat
        INNER JOIN pg_tablespace AS tsp ON dat.dattablespace = tsp.oid
        WHERE dat.datname = current_database()
    ) THEN
        PERFORM set_config('default_tablespace', '', TRUE);
    END IF;
    IF NOT pg_try_advisory_xact_lock(x'746964656d61726b'::bigint) THEN
        RAISE EXCEPTION 'another runner is at work in this database'
            USING ERRCODE = 'lock_not_available', HINT = 'Run the bundle again when it has finished.';
    END IF;
END;
$check$;

-- name: bundle_tables
-- The tables of yoyo, as it makes them itself.
CREATE TABLE IF NOT EXISTS deploy._yoyo_migration (
    migration_hash varchar(64) NOT NULL PRIMARY KEY,
    migration_id varchar(255),
    applied_at_utc timestamp
);

CREATE TABLE IF NOT EXISTS deploy._yoyo_log (
    id varchar(36) NOT NULL PRIMARY KEY,
    migration_hash varchar(64),
    migration_id varchar(255),
    operation varchar(10),
    username varchar(255),
    hostname varchar(255),
    comment varchar(255),
    created_at_utc timestamp
);

CREATE TABLE IF NOT EXISTS deploy._yoyo_version (
    version integer NOT NULL PRIMARY KEY,
    installed_at_utc timestamp
);

INSERT INTO deploy._yoyo_version (version, installed_at_utc)
VALUES (2, now() AT TIME ZONE 'UTC') ON CONFLICT DO NOTHING;

CREATE TEMPORARY TABLE tidemark_file (
    position integer PRIMARY KEY,
    path text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    algorithm smallint NOT NULL,
    requires text [] NOT NULL,
    lines integer [] NOT NULL,
    starts integer [] NOT NULL,
    lengths integer [] NOT NULL,
    declared jsonb NOT NULL,
    content text NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE tidemark_derived (
    position integer PRIMARY KEY,
    view_name text NOT NULL,
    mappings jsonb NOT NULL
) ON COMMIT DROP;

-- name: bundle_gaps
CREATE TEMPORARY TABLE tidemark_gap (
    position integer PRIMARY KEY,
    view_name text NOT NULL,
    gap text
) ON COMMIT DROP;

-- name: bundle_functions
-- Runs a migration that has not run yet and enters it as the runner does.
CREATE FUNCTION pg_temp.tidemark_migrate(
    p_id text, p_hash text, p_path text, p_fingerprint text, p_algorithm integer, p_replaces text [], p_changes text [], p_content text
)
RETURNS void LANGUAGE plpgsql
AS $function$
DECLARE
    v_known deploy.migration_fingerprint;
    v_roots oid [];
BEGIN
    IF EXISTS (SELECT FROM deploy._yoyo_migration AS mig WHERE mig.migration_id = ANY (p_replaces)) THEN
        RAISE EXCEPTION 'this database was made by an older release'
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('%s stands for %s there.', p_replaces, p_id),
                HINT = 'Run tidemark apply once; later bundles then go on from there.';
    END IF;
    IF EXISTS (SELECT FROM deploy._yoyo_migration AS mig WHERE mig.migration_id = p_id) THEN
        SELECT fin.* INTO v_known FROM deploy.migration_fingerprint AS fin WHERE fin.migration_id = p_id;
        IF v_known.algorithm = p_algorithm AND v_known.fingerprint <> p_fingerprint THEN
            RAISE EXCEPTION '% was edited after it was applied', p_path
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Use a bundle of the release that this database was made with, or of a later one.';
        END IF;
        RETURN;
    END IF;
    IF to_regprocedure('deploy_internal.free(oid[])') IS NOT NULL THEN
        SELECT array_agg(to_regclass(change.name)::oid) INTO v_roots
        FROM unnest(p_changes) AS change (name) WHERE to_regclass(change.name) IS NOT NULL;
        IF v_roots IS NOT NULL THEN
            PERFORM deploy_internal.free(v_roots);
        END IF;
    END IF;
    BEGIN
        EXECUTE p_content;
    EXCEPTION
        WHEN OTHERS THEN
            RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = format('%s: %s', p_path, SQLERRM);
    END;
    INSERT INTO deploy._yoyo_migration (migration_hash, migration_id, applied_at_utc)
    VALUES (p_hash, p_id, clock_timestamp() AT TIME ZONE 'UTC');
    INSERT INTO deploy._yoyo_log (id, migration_hash, migration_id, operation, username, hostname, comment, created_at_utc)
    VALUES (gen_random_uuid()::text, p_hash, p_id, 'apply', session_user, NULL, 'a bundle', clock_timestamp() AT TIME ZONE 'UTC');
    INSERT INTO deploy.migration_fingerprint (migration_id, fingerprint, algorithm, content)
    VALUES (p_id, p_fingerprint, p_algorithm, p_content);
END;
$function$;

-- The objects of a file that exist now, as deploy.file_object names them.
CREATE FUNCTION pg_temp.tidemark_objects(p_declared jsonb)
RETURNS TABLE (kind text, identity text, type text, object_name text, table_name text) LANGUAGE sql STABLE
AS $function$
    SELECT dec.kind, obj.identity, obj.type, CASE WHEN dec.kind = 'trigger' THEN dec.name ELSE obj.identity END, dec."table"
    FROM jsonb_to_recordset(p_declared) AS dec (kind text, name text, "table" text)
    CROSS JOIN LATERAL (
        SELECT 'pg_proc'::regclass::oid AS classid, to_regprocedure(dec.name)::oid AS objid WHERE dec.kind = 'routine'
        UNION ALL
        SELECT 'pg_trigger'::regclass::oid, trg.oid
        FROM pg_trigger AS trg WHERE dec.kind = 'trigger' AND trg.tgname = dec.name AND trg.tgrelid = to_regclass(dec."table")
        UNION ALL
        SELECT 'pg_class'::regclass::oid, to_regclass(dec.name)::oid WHERE dec.kind NOT IN ('routine', 'trigger')
    ) AS adr
    CROSS JOIN LATERAL pg_identify_object(adr.classid, adr.objid, 0) AS obj
    WHERE adr.objid IS NOT NULL;
$function$;

-- Takes an object away whose file no longer holds it; what stands on it makes way and comes back.
CREATE FUNCTION pg_temp.tidemark_drop(p_kind text, p_identity text, p_name text, p_table text)
RETURNS void LANGUAGE plpgsql
AS $function$
DECLARE
    v_type text;
    v_classid oid;
    v_objid oid;
BEGIN
    IF p_kind = 'trigger' THEN
        IF to_regclass(p_table) IS NOT NULL THEN
            EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', p_name, p_table);
        END IF;
    ELSIF p_kind = 'stored' THEN
        PERFORM refresh.drop_view(p_identity) FROM refresh.stored_views AS sv WHERE sv.view_name = p_identity;
    ELSIF p_kind <> 'stored_as_of' THEN
        SELECT adr.classid, adr.objid INTO v_classid, v_objid
        FROM unnest(ARRAY['view', 'function']) AS word (kind) CROSS JOIN LATERAL deploy_internal.address_of(word.kind, p_identity) AS adr
        WHERE (word.kind = 'function') = (p_kind = 'routine');
        IF v_objid IS NOT NULL THEN
            SELECT obj.type INTO v_type FROM pg_identify_object(v_classid, v_objid, 0) AS obj;
            PERFORM deploy_internal.remember(v_classid, ARRAY[v_objid]);
            PERFORM deploy_internal.leave(v_classid, v_objid, TRUE);
            DELETE FROM deploy.stepped_aside AS asi WHERE asi.kind = v_type AND asi.identity = p_identity;
        END IF;
    END IF;
END;
$function$;

-- Runs one file, whatever stands in its place.
CREATE FUNCTION pg_temp.tidemark_run(p_path text)
RETURNS void LANGUAGE plpgsql
AS $function$
DECLARE
    v_file pg_temp.tidemark_file;
    v_old record;
BEGIN
    SELECT fil.* INTO v_file FROM pg_temp.tidemark_file AS fil WHERE fil.path = p_path;
    FOR v_old IN
        SELECT obj.* FROM deploy.file_object AS obj
        WHERE obj.path = p_path AND NOT EXISTS (
            SELECT FROM pg_temp.tidemark_objects(v_file.declared) AS now WHERE now.kind = obj.kind AND now.identity = obj.identity
        )
    LOOP
        PERFORM pg_temp.tidemark_drop(v_old.kind, v_old.identity, v_old.object_name, v_old.table_name);
    END LOOP;
    SELECT now.type AS kind, now.identity INTO v_old
    FROM pg_temp.tidemark_objects(v_file.declared) AS now WHERE now.kind IN ('routine', 'view', 'stored') LIMIT 1;
    IF FOUND AND to_regprocedure('deploy_internal.make_again(deploy.stepped_aside)') IS NOT NULL THEN
        INSERT INTO deploy.stepped_aside AS asi (kind, identity, state, path) VALUES (v_old.kind, v_old.identity, 'again', p_path)
        ON CONFLICT (kind, identity) DO UPDATE SET
            path = excluded.path, state = CASE asi.state WHEN 'stays' THEN 'again' ELSE asi.state END;
        PERFORM deploy_internal.make_again(asi) FROM deploy.stepped_aside AS asi WHERE asi.kind = v_old.kind AND asi.identity = v_old.identity;
    ELSE
        FOR v_old IN SELECT sta.line, sta.statement FROM deploy.file_statement AS sta WHERE sta.path = p_path ORDER BY sta.statement_no LOOP
            BEGIN
                EXECUTE v_old.statement;
            EXCEPTION
                WHEN OTHERS THEN
                    RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = format('%s, line %s: %s', p_path, v_old.line, SQLERRM);
            END;
        END LOOP;
    END IF;
    DELETE FROM deploy.file_object AS obj WHERE obj.path = p_path;
    INSERT INTO deploy.file_object (path, kind, identity, object_name, table_name)
    SELECT p_path, now.kind, now.identity, now.object_name, now.table_name FROM pg_temp.tidemark_objects(v_file.declared) AS now
    ON CONFLICT (kind, identity) DO UPDATE SET path = excluded.path, object_name = excluded.object_name, table_name = excluded.table_name;
END;
$function$;

-- Brings functions and views to the state of the bundle: what changed, and what requires it.
CREATE FUNCTION pg_temp.tidemark_install(p_scope text [], OUT files_run integer, OUT files_gone integer)
LANGUAGE plpgsql
AS $function$
DECLARE
    v_file pg_temp.tidemark_file;
    v_old record;
    v_names text [] := '{}';
    v_paths text [] := '{}';
    v_path text;
BEGIN
    FOR v_file IN SELECT fil.* FROM pg_temp.tidemark_file AS fil ORDER BY fil.position LOOP
        IF v_file.requires && v_names OR NOT EXISTS (
            SELECT FROM deploy.applied_file AS app
            WHERE app.path = v_file.path AND app.fingerprint = v_file.fingerprint AND app.algorithm = v_file.algorithm
                AND NOT EXISTS (
                    SELECT FROM deploy.file_object AS obj
                    WHERE obj.path = app.path AND NOT EXISTS (
                        SELECT FROM pg_temp.tidemark_objects(v_file.declared) AS now
                        WHERE now.kind = obj.kind AND now.identity = obj.identity
                    )
                )
                AND EXISTS (SELECT FROM deploy.file_statement AS sta WHERE sta.path = app.path)
        ) THEN
            v_names := v_names || v_file.name;
            v_paths := v_paths || v_file.path;
        END IF;
    END LOOP;
    -- all texts first: what makes way for one file comes back from its new one
    INSERT INTO deploy.applied_file AS app (path, name, fingerprint, algorithm, requires)
    SELECT fil.path, fil.name, fil.fingerprint, fil.algorithm, fil.requires
    FROM pg_temp.tidemark_file AS fil WHERE fil.path = ANY (v_paths)
    ON CONFLICT (path) DO UPDATE SET
        name = excluded.name, fingerprint = excluded.fingerprint, algorithm = excluded.algorithm,
        requires = excluded.requires, applied_at = now();
    DELETE FROM deploy.file_statement AS sta WHERE sta.path = ANY (v_paths);
    INSERT INTO deploy.file_statement (path, statement_no, line, statement)
    SELECT fil.path, part.number, part.line, substr(fil.content, part.start, part.length)
    FROM pg_temp.tidemark_file AS fil
    CROSS JOIN LATERAL unnest(fil.lines, fil.starts, fil.lengths) WITH ORDINALITY AS part (line, start, length, number)
    WHERE fil.path = ANY (v_paths);
    FOREACH v_path IN ARRAY v_paths LOOP
        PERFORM pg_temp.tidemark_run(v_path);
    END LOOP;
    -- what changes of the sources mean, derived when the bundle was made
    FOR v_old IN SELECT der.view_name, der.mappings FROM pg_temp.tidemark_derived AS der ORDER BY der.position LOOP
        EXECUTE 'SELECT refresh_internal.take_derived($1, $2)' USING v_old.view_name, v_old.mappings;
    END LOOP;
    -- and whether the clock decides which rows there are
    FOR v_old IN SELECT gap.view_name, gap.gap FROM pg_temp.tidemark_gap AS gap ORDER BY gap.position LOOP
        EXECUTE 'SELECT refresh_internal.take_clock_gap($1, $2)' USING v_old.view_name, v_old.gap;
    END LOOP;
    files_run := cardinality(v_paths);
    files_gone := 0;
    FOR v_old IN
        SELECT app.path FROM deploy.applied_file AS app
        WHERE app.path LIKE ANY (p_scope) AND NOT EXISTS (SELECT FROM pg_temp.tidemark_file AS fil WHERE fil.path = app.path)
        ORDER BY app.path DESC
    LOOP
        PERFORM pg_temp.tidemark_drop(obj.kind, obj.identity, obj.object_name, obj.table_name)
        FROM deploy.file_object AS obj WHERE obj.path = v_old.path;
        DELETE FROM deploy.applied_file AS app WHERE app.path = v_old.path;
        files_gone := files_gone + 1;
    END LOOP;
    PERFORM deploy.come_back();
END;
$function$;

-- name: bundle_migration
SELECT pg_temp.tidemark_migrate({id}, {hash}, {path}, {fingerprint}, {algorithm}, {replaces}, {changes},
{content});

-- name: bundle_file
INSERT INTO pg_temp.tidemark_file VALUES ({position}, {path}, {name}, {fingerprint}, {algorithm}, {requires},
{lines}, {starts}, {lengths}, {declared},
{content});

-- name: bundle_derived
INSERT INTO pg_temp.tidemark_derived VALUES ({position}, {view}, {mappings});

-- name: bundle_gap
INSERT INTO pg_temp.tidemark_gap VALUES ({position}, {view}, {gap});

-- name: clock_gaps
-- What the clock decides about the rows of each stored view that has a due column.
SELECT
    sv.view_name,
    sv.clock_gap
FROM refresh.stored_views AS sv
WHERE sv.due_column IS NOT NULL AND sv.appears IS NULL AND sv.clock_use IN ('day', 'instant')
ORDER BY sv.view_id;

-- name: has_derived
SELECT to_regclass('refresh_internal.derived_mappings') IS NOT NULL;

-- name: derived_mappings
-- What was derived for each stored view, in the order in which they were declared.
SELECT
    sv.view_name,
    jsonb_agg(jsonb_build_object('source', der.source_name, 'mapping', der.mapping, 'reason', der.reason) ORDER BY der.source_name)::text AS mappings
FROM refresh.stored_views AS sv
INNER JOIN refresh_internal.derived_mappings AS der USING (view_name)
GROUP BY sv.view_id, sv.view_name
ORDER BY sv.view_id;

-- name: bundle_install
SELECT files_run, files_gone FROM pg_temp.tidemark_install({scope});

-- name: bundle_finish
-- Says what was done, and ends it.
COMMIT;

RESET ALL;
