-- audit.track()
-- Has direct changes of a table recorded from now on.
-- requires: audit_internal.tg_row_after_insert_record(), audit_internal.tg_row_after_update_record(),
-- requires: audit_internal.tg_row_after_delete_record(), audit_internal.tg_row_before_truncate_record()
-- source:   docs/audit.md, "Direct changes"

CREATE OR REPLACE FUNCTION audit.track(
    p_table text, p_key text[] DEFAULT NULL, p_hidden text[] DEFAULT '{}'::text[], p_family text DEFAULT NULL
)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    v_table regclass := to_regclass(p_table);
    v_schema text;
    v_name text;
    v_key text[] := p_key;
    v_missing text;
    v_arguments text;
    v_part record;
BEGIN
    SELECT nsp.nspname, rel.relname INTO v_schema, v_name
    FROM pg_class AS rel
    INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
    WHERE rel.oid = v_table AND rel.relkind IN ('r', 'p') AND NOT rel.relispartition
        AND NOT EXISTS (SELECT FROM pg_inherits AS inh WHERE inh.inhrelid = rel.oid OR (inh.inhparent = rel.oid AND rel.relkind = 'r'));
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
            MESSAGE = format('%s is no table that can be followed', p_table),
            DETAIL = 'Tables and partitioned tables can; views, foreign tables, single partitions and tables that inherit cannot.',
            HINT = 'Name a table, with its schema.';
    END IF;
    IF v_key IS NULL THEN
        SELECT array_agg(att.attname::text ORDER BY col.number) INTO v_key
        FROM pg_index AS idx
        CROSS JOIN LATERAL unnest(idx.indkey::smallint[]) WITH ORDINALITY AS col (attnum, number)
        INNER JOIN pg_attribute AS att ON att.attrelid = idx.indrelid AND att.attnum = col.attnum
        WHERE idx.indrelid = v_table AND idx.indisprimary AND col.number <= idx.indnkeyatts;
    END IF;
    SELECT string_agg(col.name, ', ') INTO v_missing
    FROM unnest(v_key || p_hidden) AS col (name)
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute AS att
        WHERE att.attrelid = v_table AND att.attname = col.name AND att.attnum > 0 AND NOT att.attisdropped
            AND (att.attnotnull OR col.name <> ALL (v_key))
    );
    IF coalesce(v_key, '{}') = '{}' OR v_missing IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_column_reference',
            MESSAGE = format('the rows of %s cannot be told apart', v_table),
            DETAIL = coalesce('Not there, or NULL is allowed in the key: ' || v_missing || '.', 'It has no primary key.'),
            HINT = 'Name the columns of a key: p_key => ''{order_id, line}''.';
    END IF;
    INSERT INTO audit.tracked_tables AS tra (table_name, family, key_columns, hidden_columns)
    VALUES (format('%I.%I', v_schema, v_name), coalesce(p_family, v_schema), v_key, p_hidden)
    ON CONFLICT (table_name) DO UPDATE
    SET family = excluded.family, key_columns = excluded.key_columns, hidden_columns = excluded.hidden_columns
    WHERE (tra.family, tra.key_columns, tra.hidden_columns) IS DISTINCT FROM (excluded.family, excluded.key_columns, excluded.hidden_columns);
    v_arguments := format('%L, %L, %L, %L', coalesce(p_family, v_schema), v_name, v_key::text, p_hidden::text);
    -- a statement fires the triggers of the table that it names, of whichever level
    FOR v_part IN
        SELECT tre.relid, event.name, event.moment, event.transition, event.function_name
        FROM (SELECT v_table AS relid UNION SELECT par.relid FROM pg_partition_tree(v_table) AS par) AS tre
        INNER JOIN pg_class AS rel ON tre.relid = rel.oid AND rel.relkind IN ('r', 'p')
        CROSS JOIN (VALUES
            ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_rows', 'tg_row_after_insert_record'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows', 'tg_row_after_update_record'),
            ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_rows', 'tg_row_after_delete_record'),
            ('truncate', 'BEFORE', '', 'tg_row_before_truncate_record')
        ) AS event (name, moment, transition, function_name)
        LEFT JOIN pg_trigger AS trg ON trg.tgrelid = tre.relid AND trg.tgname = 'audit_track_' || event.name
        -- arguments are kept with a zero byte after each
        WHERE trg.oid IS NULL OR trg.tgfoid <> to_regproc('audit_internal.' || event.function_name) OR trg.tgenabled NOT IN ('O', 'A') OR trg.tgargs IS DISTINCT FROM (
            SELECT string_agg(convert_to(arg.value, getdatabaseencoding()) || '\x00'::bytea, '' ORDER BY arg.number)
            FROM unnest(ARRAY[coalesce(p_family, v_schema), v_name, v_key::text, p_hidden::text]) WITH ORDINALITY AS arg (value, number)
        )
    LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER audit_track_%1$s %2$s %1$s ON %3$s %4$s FOR EACH STATEMENT '
            -- a function that records by itself says so, and is believed if it may write the log anyway
            'WHEN (''records_itself'' <> ALL (string_to_array(current_setting(''search_path''), '', '')) '
            'OR NOT has_table_privilege(''audit.entries''::regclass, ''INSERT'')) '
            'EXECUTE FUNCTION audit_internal.%6$I(%5$s)',
            v_part.name, v_part.moment, v_part.relid::regclass, v_part.transition, v_arguments, v_part.function_name);
    END LOOP;
END;
$$;

COMMENT ON FUNCTION audit.track IS
'Idempotent. p_key: columns of the row_key, NULL: the primary key; p_hidden: columns of which is recorded that they changed, and not how; p_family: NULL, the schema. INSERT, UPDATE, DELETE and TRUNCATE are recorded, unless by a statement of a function that has records_itself in its search_path and may write the log.';

REVOKE ALL ON FUNCTION audit.track FROM PUBLIC;
