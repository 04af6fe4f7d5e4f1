-- refresh_internal.merge_slices()
-- Writes the loop that recomputes the found keys, and finds those that cannot be computed by halving.
-- requires: refresh_internal.merge_body(), refresh_internal.null_pattern(), refresh_internal.complain_twice(), refresh_internal.fill_in()
-- requires: refresh_internal.hold_key(), refresh_internal.is_of_a_key()
-- source:   docs/refresh.md, "Failures"

-- tidemark_todo is a stack of three numbers each: which set of keys (0: all sets), from which key, to which one. Usually there
-- is one entry, and it goes through.
CREATE OR REPLACE FUNCTION refresh_internal.merge_slices(p_view refresh.stored_views, p_subsets text[])
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subset text[];
    v_nulls text[];
    v_arrays text;
    v_names text;
    v_slices text := '';
    v_targets text := '';
    v_has_null text := 'FALSE';
    v_complain text := format(E'IF v_twice IS NOT NULL THEN\n    PERFORM refresh_internal.complain_twice(%L, v_twice);\nEND IF;\n', p_view.view_name);
    v_merge text := '';
    v_first text := '';
    v_hold text := '';
    v_heal text := '';
    v_object text;
BEGIN
    FOR v_number IN 1..cardinality(p_subsets) LOOP
        v_subset := p_subsets[v_number]::text[];
        SELECT
            v_slices || string_agg(format(E',\n    CASE tidemark_todo[1] WHEN 0 THEN v_keys_%1$s_%2$s WHEN %1$s THEN v_keys_%1$s_%2$s[tidemark_todo[2]:tidemark_todo[3]] END',
                v_number, key.position), '' ORDER BY key.position),
            v_targets || string_agg(format(', tidemark_keys_%s_%s', v_number, key.position), '' ORDER BY key.position),
            v_has_null || string_agg(format(' OR num_nulls(VARIADIC v_keys_%s_%s) > 0', v_number, key.position), '' ORDER BY key.position),
            string_agg(format('tidemark_keys_%s_%s', v_number, key.position), ', ' ORDER BY key.position),
            string_agg(format('%I', key.name), ', ' ORDER BY key.position),
            string_agg(format('%L, {%s}', key.name, key.position), ', ' ORDER BY key.position)
        INTO v_slices, v_targets, v_has_null, v_arrays, v_names, v_object
        FROM unnest(p_view.key_columns) WITH ORDINALITY AS key (name, position)
        WHERE key.name = ANY (v_subset);
        v_first := v_first || format(
            E'        IF cardinality(v_keys_%1$s_%2$s) > 0 THEN tidemark_todo := tidemark_todo || ARRAY[%1$s, 1, cardinality(v_keys_%1$s_%2$s)]; END IF;\n',
            v_number, array_position(p_view.key_columns, v_subset[1]));
        v_hold := v_hold || format(
            E'        WHEN %1$s THEN\n            PERFORM refresh_internal.hold_key(%2$s, %3$L, jsonb_build_object(%4$s), tidemark_code, tidemark_message);\n',
            v_number, p_view.view_id, v_subset, regexp_replace(v_object, '\{(\d+)\}', format('tidemark_keys_%s_\1[1]', v_number), 'g'));
        v_heal := v_heal || format(
            E'    DELETE FROM refresh.held_keys AS held USING unnest(%1$s) AS key (%2$s)\n'
            '    WHERE held.view_id = %3$s AND held.key_columns = %4$L AND held.key = jsonb_build_object(%5$s);\n',
            v_arrays, v_names, p_view.view_id, v_subset,
            (SELECT string_agg(format('%1$L, key.%1$I', part.name), ', ') FROM unnest(p_view.key_columns) AS part (name) WHERE part.name = ANY (v_subset)));
        -- most keys have no part that is NULL, and need no look for which it is
        v_merge := v_merge || format(E'IF cardinality(%s) > 0 THEN%sIF v_twice IS NOT NULL OR tidemark_has_null THEN\n%s', split_part(v_arrays, ',', 1),
            refresh_internal.merge_body(p_view, v_subset, '{}', v_arrays), v_complain);
        FOR v_pattern IN 1..least(1 << cardinality(v_subset), 16) - 1 LOOP
            -- up to four parts every combination of NULLs has its statement; with more, all combinations share the second one
            SELECT coalesce(array_agg(part.name), '{}') INTO v_nulls
            FROM unnest(v_subset) WITH ORDINALITY AS part (name, position)
            WHERE (v_pattern >> (part.position::integer - 1)) & 1 = 1;
            IF cardinality(v_subset) > 4 THEN
                v_nulls := NULL;
            END IF;
            v_merge := v_merge || format(E'IF EXISTS (SELECT FROM unnest(%s) AS key (%s) WHERE %s) THEN%s%sEND IF;\n',
                v_arrays,
                (SELECT string_agg(format('%I', part.name), ', ') FROM unnest(v_subset) AS part (name)),
                refresh_internal.null_pattern(v_subset, v_nulls),
                refresh_internal.merge_body(p_view, v_subset, v_nulls, v_arrays),
                v_complain);
            EXIT WHEN v_nulls IS NULL;
        END LOOP;
        v_merge := v_merge || E'END IF;\nEND IF;\n';
    END LOOP;
    RETURN refresh_internal.fill_in($text$WHILE cardinality(tidemark_todo) > 0 LOOP
SELECT tidemark_todo[1], tidemark_todo[2], tidemark_todo[3], tidemark_todo[4:], ARRAY[inserted_count, updated_count, deleted_count], {has_null}{slices}
INTO tidemark_set, tidemark_low, tidemark_high, tidemark_todo, tidemark_counts, tidemark_has_null{targets};
BEGIN
{merge}IF tidemark_has_held THEN
{heal}END IF;
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS tidemark_code = RETURNED_SQLSTATE, tidemark_message = MESSAGE_TEXT;
        IF v_twice IS NOT NULL OR tidemark_held_count >= 1000 OR NOT refresh_internal.is_of_a_key(tidemark_code) THEN
            RAISE;
        END IF;
        inserted_count := tidemark_counts[1]; updated_count := tidemark_counts[2]; deleted_count := tidemark_counts[3];
        IF tidemark_set = 0 THEN
{first}        ELSIF tidemark_low < tidemark_high THEN
            tidemark_todo := ARRAY[tidemark_set, tidemark_low, (tidemark_low + tidemark_high) / 2,
                tidemark_set, (tidemark_low + tidemark_high) / 2 + 1, tidemark_high] || tidemark_todo;
        ELSE
            tidemark_held_count := tidemark_held_count + 1;
            CASE tidemark_set
{hold}            END CASE;
        END IF;
END;
END LOOP;
IF tidemark_held_count > 0 THEN
    reason := concat_ws(', ', reason, format('%s %s held back: %s', tidemark_held_count,
        CASE tidemark_held_count WHEN 1 THEN 'key' ELSE 'keys' END, tidemark_message));
END IF;
$text$, jsonb_build_object('has_null', v_has_null, 'slices', v_slices, 'targets', v_targets, 'merge', v_merge, 'heal', v_heal, 'first', v_first, 'hold', v_hold));
END;
$$;

COMMENT ON FUNCTION refresh_internal.merge_slices IS
'PL/pgSQL text. A set of keys is an array per key column, v_keys_<set>_<column>. More than 1,000 keys that fail are an error of the view.';

REVOKE ALL ON FUNCTION refresh_internal.merge_slices FROM PUBLIC;
