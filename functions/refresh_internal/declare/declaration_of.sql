-- refresh_internal.declaration_of()
-- Checks the arguments of refresh.store() and completes them from the catalogue.
-- requires: refresh_internal.qualified_name(), refresh_internal.probe_appears(), refresh_internal.definition_of(), refresh_internal.details_of(), refresh_internal.has_equality(), refresh_internal.refuse()
-- source:   docs/refresh.md, "Declaring a stored view"

CREATE OR REPLACE FUNCTION refresh_internal.declaration_of(
    p_view text, p_live text, p_key text[], p_due text, p_target_lag interval, p_full_above numeric,
    p_also_by text[], p_appears text
)
RETURNS refresh.stored_views LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_wanted refresh.stored_views;
    v_live regclass;
    v_hidden text[];
    v_unknown text;
BEGIN
    v_wanted.view_name := refresh_internal.qualified_name(p_view);
    v_wanted.live_name := refresh_internal.qualified_name(p_live);
    v_live := to_regclass(v_wanted.live_name);
    IF v_live IS NULL OR (SELECT rel.relkind FROM pg_class AS rel WHERE rel.oid = v_live) <> 'v' THEN
        PERFORM refresh_internal.refuse('undefined_table', format('%s is not a view', v_wanted.live_name),
            format('It was given as the live twin of %s.', v_wanted.view_name),
            'Create the live view first; it must be a plain view.');
    END IF;
    SELECT
        array_agg(att.attname::text ORDER BY att.attnum),
        array_agg(format_type(att.atttypid, att.atttypmod) ORDER BY att.attnum)
    INTO v_wanted.column_names, v_wanted.column_types
    FROM pg_attribute AS att
    WHERE att.attrelid = v_live AND att.attnum > 0 AND NOT att.attisdropped;
    SELECT string_agg(named.name, ', ') INTO v_unknown
    FROM (
        SELECT unnest(p_key || p_due)
        UNION
        SELECT btrim(col.name) FROM unnest(p_also_by) AS also (text) CROSS JOIN string_to_table(also.text, ',') AS col (name)
    ) AS named (name)
    WHERE named.name <> ALL (v_wanted.column_names);
    IF v_unknown IS NOT NULL THEN
        PERFORM refresh_internal.refuse('undefined_column', format('%s has no column %s', v_wanted.live_name, v_unknown),
            format('Its columns are %s.', array_to_string(v_wanted.column_names, ', ')),
            'Name columns of key, due and also_by as the live view names them.');
    END IF;
    IF cardinality(p_key) = 0 OR (SELECT count(DISTINCT key.name) FROM unnest(p_key) AS key (name)) <> cardinality(p_key) THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('the key of %s is empty or names a column twice', v_wanted.view_name),
            format('The key given is {%s}.', array_to_string(p_key, ', ')),
            'Give each key column once, or NULL for a view that is always recomputed as a whole.');
    END IF;
    v_wanted.mode := CASE WHEN p_key IS NULL THEN 'full' ELSE 'keyed' END;
    v_wanted.key_columns := p_key;
    SELECT array_agg(v_wanted.column_types[array_position(v_wanted.column_names, key.name)] ORDER BY key.position)
    INTO v_wanted.key_types
    FROM unnest(p_key) WITH ORDINALITY AS key (name, position);
    SELECT string_agg(format('%s (%s)', key.name, key.type), ', ') INTO v_unknown
    FROM unnest(v_wanted.key_columns, v_wanted.key_types) AS key (name, type)
    WHERE key.type LIKE '%[]' OR (SELECT typ.typtype FROM pg_type AS typ WHERE typ.oid = to_regtype(key.type)) = 'c' OR NOT refresh_internal.has_equality(key.type);
    IF v_unknown IS NOT NULL THEN
        PERFORM refresh_internal.refuse('datatype_mismatch', format('the key of %s cannot be compared', v_wanted.view_name),
            format('Of such a type: %s.', v_unknown), 'Use key columns of types with equality that are neither arrays nor composite; the fields of a composite type can be key columns.');
    END IF;
    v_wanted.due_column := p_due;
    v_wanted.due_type := v_wanted.column_types[array_position(v_wanted.column_names, p_due)];
    v_wanted.due_type := regexp_replace(v_wanted.due_type, '^timestamp\(\d\) with time zone$', 'timestamp with time zone');
    IF v_wanted.due_type NOT IN ('date', 'timestamp with time zone') THEN
        PERFORM refresh_internal.refuse('datatype_mismatch', format('the due column of %s is neither a date nor an instant', v_wanted.view_name),
            format('%s is of type %s.', p_due, v_wanted.due_type),
            'Use date for a transition at the start of a business day, timestamptz for an instant.');
    END IF;
    IF p_target_lag IS NULL OR p_target_lag < interval '0' OR NOT isfinite(p_target_lag) OR p_full_above NOT BETWEEN 0 AND 1 THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('%s cannot be kept with these limits', v_wanted.view_name),
            format('target_lag is %s, full_above is %s.', coalesce(p_target_lag::text, 'NULL'), coalesce(p_full_above::text, 'NULL')),
            'Give a target_lag of 0 or more, and a full_above between 0 and 1 or NULL.');
    END IF;
    IF v_wanted.mode = 'full' AND (p_target_lag = interval '0' OR p_due IS NOT NULL) THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('%s needs a key', v_wanted.view_name),
            'A view without a key is recomputed as a whole: it has no rows that become due, and no time for that inside a writer''s transaction.',
            'Declare the key columns, or leave due out and give a target_lag above 0.');
    END IF;
    IF p_appears IS NOT NULL AND p_due IS NULL THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('%s tells which rows appear, and not when those that are there change', v_wanted.view_name),
            'appears names rows that are absent; time may change or take away a row that is stored as well.',
            'Name a due column beside appears; one that is always NULL says that no stored row ever changes by time alone.');
    END IF;
    v_wanted.target_lag := p_target_lag;
    v_wanted.full_above := p_full_above;
    v_wanted.also_by := p_also_by;
    SELECT def.definition_hash, def.clock_use, def.hidden_reads
    INTO v_wanted.definition_hash, v_wanted.clock_use, v_hidden
    FROM refresh_internal.definition_of(v_live) AS def;
    SELECT det.details_hash INTO v_wanted.details_hash FROM refresh_internal.details_of(v_live) AS det;
    v_wanted.appears := CASE WHEN lower(btrim(p_appears) COLLATE "C") = 'never' THEN 'never' ELSE p_appears END;
    IF v_wanted.appears <> 'never' THEN
        v_wanted.appears_type := refresh_internal.probe_appears(v_wanted);
    END IF;
    IF v_wanted.due_column IS NOT NULL AND v_wanted.clock_use IN ('day', 'instant') AND p_appears IS NULL THEN
        v_wanted.clock_gap := 'nobody has looked yet which rows the clock decides';
    END IF;
    IF v_hidden IS NOT NULL THEN
        RAISE WARNING USING
            MESSAGE = format('%s uses functions whose reads cannot be seen', v_wanted.live_name),
            DETAIL = format('They are %s.', array_to_string(v_hidden, ', ')),
            HINT = 'Write them in SQL with RETURN or BEGIN ATOMIC, or declare the tables they read with refresh.affects().';
    END IF;
    RETURN v_wanted;
END;
$$;

COMMENT ON FUNCTION refresh_internal.declaration_of IS
'The row of refresh.stored_views these arguments ask for, without its numbers and storage. Raises 42P01, 42703, 42804 or 22023.';

REVOKE ALL ON FUNCTION refresh_internal.declaration_of FROM PUBLIC;
