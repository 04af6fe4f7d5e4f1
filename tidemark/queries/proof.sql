-- name: proof_helpers
-- Functions for random histories, in a scratch database only.
CREATE SCHEMA tidemark_proof;

CREATE FUNCTION tidemark_proof.row_text(p_table regclass, p_columns text [], p_place double precision)
RETURNS text [] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_count bigint;
    v_row text[];
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', p_table) INTO v_count;
    EXECUTE format('SELECT ARRAY[%s] FROM %s AS t ORDER BY t::text COLLATE "C" OFFSET %s LIMIT 1',
        (SELECT string_agg(format('t.%I::text', col.name), ', ' ORDER BY col.n) FROM unnest(p_columns) WITH ORDINALITY AS col (name, n)),
        p_table, floor(p_place * v_count))
    INTO v_row;
    RETURN v_row;
END;
$$;

COMMENT ON FUNCTION tidemark_proof.row_text IS 'A row as texts, chosen by a number from 0 to 1; NULL of an empty table.';

CREATE FUNCTION tidemark_proof.insert_text(p_table regclass, p_columns text [], p_values text [])
RETURNS text LANGUAGE sql STABLE
AS $$
    SELECT format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', p_table,
        string_agg(quote_ident(col.name), ', ' ORDER BY col.n), string_agg(quote_nullable(col.value), ', ' ORDER BY col.n))
    FROM unnest(p_columns, p_values) WITH ORDINALITY AS col (name, value, n);
$$;

COMMENT ON FUNCTION tidemark_proof.insert_text IS 'The statement.';

CREATE FUNCTION tidemark_proof.where_text(p_columns text [], p_values text [])
RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT string_agg(CASE WHEN col.value IS NULL THEN format('%I IS NULL', col.name)
        ELSE format('%I = %L', col.name, col.value) END, ' AND ' ORDER BY col.n)
    FROM unnest(p_columns, p_values) WITH ORDINALITY AS col (name, value, n);
$$;

COMMENT ON FUNCTION tidemark_proof.where_text IS 'The condition that finds a row by these columns.';

CREATE FUNCTION tidemark_proof.all_inserts(p_table regclass, p_columns text [])
RETURNS SETOF text LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT tidemark_proof.insert_text(%L, $1, ARRAY[%s]) FROM %s AS t ORDER BY t::text COLLATE "C"', p_table,
        (SELECT string_agg(format('t.%I::text', col.name), ', ' ORDER BY col.n) FROM unnest(p_columns) WITH ORDINALITY AS col (name, n)),
        p_table) USING p_columns;
END;
$$;

COMMENT ON FUNCTION tidemark_proof.all_inserts IS 'The rows of a table as statements.';

CREATE FUNCTION tidemark_proof.given_insert(p_table regclass, p_columns text [], p_row jsonb)
RETURNS text LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_values text[];
BEGIN
    EXECUTE format('SELECT ARRAY[%s] FROM jsonb_populate_record(NULL::%s, $1) AS t',
        (SELECT string_agg(format('t.%I::text', col.name), ', ' ORDER BY col.n) FROM unnest(p_columns) WITH ORDINALITY AS col (name, n)),
        p_table) INTO v_values USING p_row;
    RETURN tidemark_proof.insert_text(p_table, p_columns, v_values);
END;
$$;

COMMENT ON FUNCTION tidemark_proof.given_insert IS 'The statement that inserts a row given as JSON.';

CREATE FUNCTION tidemark_proof.pause()
RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    IF coalesce(current_setting('tidemark_proof.pause', TRUE), '') = 'on' THEN
        PERFORM pg_advisory_xact_lock_shared(7467);
    END IF;
END;
$$;

COMMENT ON FUNCTION tidemark_proof.pause IS 'Waits while another session holds advisory lock 7467, in sessions that ask for it.';

CREATE FUNCTION tidemark_proof.hold(p_view text)
RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    v_function regprocedure;
    v_text text;
    v_held text;
BEGIN
    SELECT format('refresh_data.refresh_%s(boolean,bigint,boolean)', sto.view_id)::regprocedure INTO v_function
    FROM refresh.stored_views AS sto
    WHERE sto.view_name = p_view;
    v_text := pg_get_functiondef(v_function);
    v_held := replace(v_text, E'\n-- from here on a run may see more than it has taken', E'\nPERFORM tidemark_proof.pause();');
    IF v_held = v_text AND v_text NOT LIKE '%tidemark_proof.pause%' THEN
        RAISE EXCEPTION USING ERRCODE = 'internal_error',
            MESSAGE = format('%s has no place between taking changes and recomputing keys', v_function),
            DETAIL = 'The generated function is not written as expected.', HINT = 'Report this: tidemark prove needs that place.';
    END IF;
    EXECUTE v_held;
END;
$$;

COMMENT ON FUNCTION tidemark_proof.hold IS 'Gives runs of a view a place to wait, between taking changes and recomputing keys.';

-- name: proof_chain
-- The named stored views and those below, sources first.
WITH RECURSIVE chain AS (
    SELECT sto.view_id, sto.view_name
    FROM refresh.stored_views AS sto
    WHERE sto.view_name = ANY (%(views)s::text [])
    UNION
    SELECT sto.view_id, sto.view_name
    FROM chain
    INNER JOIN refresh.view_sources AS vs ON chain.view_id = vs.view_id
    INNER JOIN refresh.stored_views AS sto ON vs.source_name = sto.view_name
), steps AS (
    SELECT chain.view_name, 0 AS depth FROM chain
    UNION
    SELECT vs_below.view_name, steps.depth + 1
    FROM steps
    INNER JOIN refresh.stored_views AS sto ON steps.view_name = sto.view_name
    INNER JOIN refresh.view_sources AS vs ON sto.view_id = vs.view_id
    INNER JOIN refresh.stored_views AS vs_below ON vs.source_name = vs_below.view_name
)

SELECT sto.view_name, sto.mode, sto.clock_use, sto.target_lag = interval '0' AS is_kept
FROM refresh.stored_views AS sto
INNER JOIN steps ON sto.view_name = steps.view_name
GROUP BY sto.view_id
ORDER BY max(steps.depth) DESC, sto.view_name;

-- name: proof_tables
-- The tables that views read, and those they refer to, each with its columns; parents first as far as there is an order.
WITH RECURSIVE tab AS (
    SELECT DISTINCT rel.oid
    FROM refresh.stored_views AS sto
    INNER JOIN refresh.view_sources AS vs ON sto.view_id = vs.view_id
    INNER JOIN pg_catalog.pg_class AS rel ON rel.oid = to_regclass(vs.source_name)
    WHERE sto.view_name = ANY (%(views)s::text []) AND rel.relkind IN ('r', 'p')
    UNION
    SELECT con.confrelid
    FROM tab
    INNER JOIN pg_catalog.pg_constraint AS con ON tab.oid = con.conrelid AND con.contype = 'f'
), steps AS (
    SELECT tab.oid, 0 AS depth FROM tab
    UNION
    SELECT con.confrelid, steps.depth + 1
    FROM steps
    INNER JOIN pg_catalog.pg_constraint AS con ON steps.oid = con.conrelid AND con.contype = 'f' AND con.confrelid <> con.conrelid
    WHERE steps.depth < 20
)

SELECT
    tab.oid::regclass::text AS name,
    nsp.nspname::text AS schema_name,
    rel.relname::text AS table_name,
    EXISTS (SELECT FROM refresh.captured_sources AS src WHERE to_regclass(src.source_name) = tab.oid) AS is_source,
    array(
        SELECT att.attname::text FROM pg_catalog.pg_index AS idx
        INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = idx.indrelid AND att.attnum = ANY (idx.indkey)
        WHERE idx.indrelid = tab.oid AND idx.indisprimary ORDER BY att.attnum
    ) AS key_columns,
    (
        SELECT jsonb_agg(jsonb_build_object(
            'name', att.attname, 'type', coalesce(base.typname, typ.typname), 'category', coalesce(base.typcategory, typ.typcategory),
            'is_required', att.attnotnull OR typ.typnotnull,
            'has_default', att.atthasdef OR typ.typdefault IS NOT NULL OR att.attidentity <> '',
            'is_unique', EXISTS (
                SELECT FROM pg_catalog.pg_index AS idx
                WHERE idx.indrelid = tab.oid AND idx.indisunique AND idx.indkey[0] = att.attnum AND idx.indnkeyatts = 1),
            'length', CASE WHEN typ.typname IN ('varchar', 'bpchar') AND att.atttypmod > 4 THEN att.atttypmod - 4 END,
            'labels', array(SELECT lab.enumlabel FROM pg_catalog.pg_enum AS lab WHERE lab.enumtypid = coalesce(base.oid, typ.oid) ORDER BY lab.enumsortorder),
            'checks', array(
                SELECT pg_get_constraintdef(con.oid) FROM pg_catalog.pg_constraint AS con
                WHERE con.contype = 'c' AND ((con.conrelid = tab.oid AND con.conkey = ARRAY[att.attnum]) OR con.contypid = typ.oid)
            ),
            'shared_checks', array(
                SELECT pg_get_constraintdef(con.oid) FROM pg_catalog.pg_constraint AS con
                WHERE con.contype = 'c' AND con.conrelid = tab.oid AND att.attnum = ANY (con.conkey) AND cardinality(con.conkey) > 1
            )) ORDER BY att.attnum)
        FROM pg_catalog.pg_attribute AS att
        INNER JOIN pg_catalog.pg_type AS typ ON att.atttypid = typ.oid
        LEFT JOIN pg_catalog.pg_type AS base ON typ.typtype = 'd' AND typ.typbasetype = base.oid
        WHERE att.attrelid = tab.oid AND att.attnum > 0 AND NOT att.attisdropped AND att.attgenerated = ''
    ) AS columns,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'table', con.confrelid::regclass::text,
            'columns', array(SELECT att.attname FROM unnest(con.conkey) WITH ORDINALITY AS k (num, n)
                INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = con.conrelid AND att.attnum = k.num
                WHERE att.attgenerated = '' ORDER BY k.n),
            'parent_columns', array(SELECT att.attname FROM unnest(con.confkey, con.conkey) WITH ORDINALITY AS k (num, own, n)
                INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = con.confrelid AND att.attnum = k.num
                INNER JOIN pg_catalog.pg_attribute AS mine ON mine.attrelid = con.conrelid AND mine.attnum = k.own
                WHERE mine.attgenerated = '' ORDER BY k.n),  -- a generated column cannot be given: the row fits or is refused
            'all_columns', array(SELECT att.attname FROM unnest(con.conkey) WITH ORDINALITY AS k (num, n)
                INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = con.conrelid AND att.attnum = k.num ORDER BY k.n),
            'all_parent_columns', array(SELECT att.attname FROM unnest(con.confkey) WITH ORDINALITY AS k (num, n)
                INNER JOIN pg_catalog.pg_attribute AS att ON att.attrelid = con.confrelid AND att.attnum = k.num ORDER BY k.n)
        ) ORDER BY con.oid)
        FROM pg_catalog.pg_constraint AS con
        WHERE con.conrelid = tab.oid AND con.contype = 'f'
    ), '[]') AS parents
FROM tab
INNER JOIN pg_catalog.pg_class AS rel ON tab.oid = rel.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON rel.relnamespace = nsp.oid
INNER JOIN steps ON tab.oid = steps.oid
GROUP BY tab.oid, nsp.nspname, rel.relname
ORDER BY max(steps.depth) DESC, tab.oid::regclass::text;

-- name: proof_texts
-- What views and the functions below them compare with: their texts.
SELECT DISTINCT pg_get_viewdef(obj.oid) AS text
FROM refresh.stored_views AS sto
CROSS JOIN LATERAL (
    WITH RECURSIVE below AS (
        SELECT to_regclass(sto.live_name)::oid AS oid
        UNION
        SELECT dep.refobjid FROM below
        INNER JOIN pg_catalog.pg_rewrite AS rul ON below.oid = rul.ev_class
        INNER JOIN pg_catalog.pg_depend AS dep
            ON dep.classid = 'pg_rewrite'::regclass AND rul.oid = dep.objid AND dep.refclassid = 'pg_class'::regclass
    )
    SELECT below.oid FROM below INNER JOIN pg_catalog.pg_class AS rel ON below.oid = rel.oid WHERE rel.relkind = 'v'
) AS obj
WHERE sto.view_name = ANY (%(views)s::text []);

-- name: proof_by_key
-- Small tables must not make every run a whole one.
UPDATE refresh.stored_views SET full_above = NULL WHERE view_name = ANY (%(views)s::text []);

-- name: proof_hold
SELECT tidemark_proof.hold(%(view)s);

-- name: proof_row
SELECT tidemark_proof.row_text(%(table)s::regclass, %(columns)s::text [], %(place)s);

-- name: proof_insert
SELECT tidemark_proof.insert_text(%(table)s::regclass, %(columns)s::text [], %(values)s::text []);

-- name: proof_update
SELECT format('UPDATE %%s SET %%s WHERE %%s', %(table)s::regclass,
    (SELECT string_agg(format('%%I = %%s', col.name, quote_nullable(col.value)), ', ' ORDER BY col.n)
        FROM unnest(%(columns)s::text [], %(values)s::text []) WITH ORDINALITY AS col (name, value, n)),
    tidemark_proof.where_text(%(key)s::text [], %(row)s::text []));

-- name: proof_delete
SELECT format('DELETE FROM %%s WHERE %%s', %(table)s::regclass, tidemark_proof.where_text(%(key)s::text [], %(row)s::text []));

-- name: proof_all_rows
SELECT ins.text FROM tidemark_proof.all_inserts(%(table)s::regclass, %(columns)s::text []) AS ins (text);

-- name: proof_given
SELECT tidemark_proof.given_insert(%(table)s::regclass, %(columns)s::text [], %(row)s::jsonb);

-- name: proof_empty
-- The statement that empties tables.
SELECT 'TRUNCATE ' || string_agg(tab.name::regclass::text, ', ') || ' CASCADE' FROM unnest(%(tables)s::text []) AS tab (name);

-- name: proof_session
SELECT
    set_config('lock_timeout', %(lock_timeout)s, FALSE) AS patience,
    set_config('tidemark.clock', 'session', FALSE) AS clock,
    set_config('tidemark_proof.pause', %(pause)s, FALSE) AS pause,
    set_config('client_min_messages', 'error', FALSE) AS messages;

-- name: proof_clock
SELECT format('SELECT set_config(''tidemark.as_of'', %%L, FALSE)', %(day)s::text);

-- name: proof_verify_text
-- The statement that shows the difference.
SELECT format('SELECT * FROM refresh.verify(%%L)', %(view)s::text);

-- name: proof_run
SELECT done.mode, done.reason FROM refresh.run(%(view)s) AS done;

-- name: proof_differences
SELECT ver.is_equal, ver.missing_count, ver.surplus_count, ver.differing_count, ver.samples FROM refresh.verify(%(view)s) AS ver;

-- name: proof_close_gate
SELECT pg_advisory_lock(7467);

-- name: proof_open_gate
SELECT pg_advisory_unlock(7467);

-- name: proof_waits
SELECT EXISTS (SELECT FROM pg_catalog.pg_locks AS loc WHERE loc.pid = %(pid)s AND loc.locktype = 'advisory' AND NOT loc.granted);

-- name: proof_sample_size
SELECT set_config('tidemark_proof.sample', %(rows)s::text, TRUE) AS row_count, setseed(%(place)s) AS seed;

-- name: proof_wanted
SELECT set_config('tidemark_proof.wanted', %(rows)s, TRUE);

-- name: proof_sample
-- Some rows of a table.
SELECT coalesce(jsonb_agg(to_jsonb(sampled.*)), '[]')
FROM (SELECT tab.* FROM {table} AS tab ORDER BY random() LIMIT current_setting('tidemark_proof.sample')::integer) AS sampled;

-- name: proof_sample_wanted
-- The rows of a table that others refer to.
SELECT coalesce(jsonb_agg(to_jsonb(tab.*)), '[]')
FROM {table} AS tab
WHERE ({columns}) IN (
    SELECT {wanted_columns} FROM jsonb_populate_recordset(NULL::{table}, current_setting('tidemark_proof.wanted')::jsonb) AS wanted
);
