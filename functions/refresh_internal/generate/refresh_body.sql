-- refresh_internal.refresh_body()
-- Writes the body of the function that refreshes one keyed stored view.
-- requires: refresh_internal.take_inside(), refresh_internal.map_inside(), refresh_internal.take_and_map(), refresh_internal.merge_slices(), refresh_internal.whole_body()
-- requires: refresh_internal.first_look(), refresh_internal.lock_body(), refresh_internal.fill_in(), refresh_internal.note_seen(), refresh_internal.is_of_a_key(), refresh_internal.appearing(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh_internal.refresh_body(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subsets text[];  -- each a text[] written as text, because arrays of arrays need equal lengths
    v_mapped text[];
    v_subset text[];
    v_columns text;
    v_arrays text;
    v_lists text;
    v_every text;
    v_again text := '';
    v_is_inside boolean := p_view.target_lag = interval '0';
    -- named so that no column of a stored view bears the same name
    v_declare text := E'#variable_conflict use_column\nDECLARE\n tidemark_whole boolean; tidemark_key_limit bigint;'
        '\n tidemark_is_due boolean; tidemark_due_at timestamptz; tidemark_clock_at timestamptz; tidemark_mark text; v_twice jsonb; v_live_count bigint;'
        '\n tidemark_source text; tidemark_since text; tidemark_seen pg_snapshot; tidemark_seen_xid xid8;'
        '\n tidemark_seen_command bigint; tidemark_own xid8; tidemark_now pg_snapshot; tidemark_command bigint;'
        '\n tidemark_has_marks boolean; tidemark_is_long boolean; tidemark_is_new boolean; tidemark_has_null boolean;'
        '\n tidemark_todo integer[]; tidemark_set integer; tidemark_low integer; tidemark_high integer; tidemark_counts bigint[];'
        '\n tidemark_has_held boolean; tidemark_again boolean; tidemark_held_count bigint; tidemark_code text; tidemark_message text;';
    v_map text := '';
    v_due text;
    v_locks record;
BEGIN
    SELECT array_agg(DISTINCT found.map_columns::text) INTO v_mapped
    FROM (
        SELECT part.map_columns FROM refresh.view_sources AS vs
        CROSS JOIN LATERAL refresh_internal.parts_of(vs) AS part
        WHERE vs.view_id = p_view.view_id AND NOT (v_is_inside AND part.is_bulk)
        UNION ALL
        SELECT p_view.key_columns WHERE p_view.due_column IS NOT NULL
    ) AS found;
    -- whole keys are always among them: when everything cannot be recomputed at once, it is done key by key
    v_subsets := CASE WHEN p_view.key_columns::text = ANY (v_mapped) THEN v_mapped ELSE v_mapped || p_view.key_columns::text END;
    -- the relation's number makes the text differ when a queue is made anew, so that no session keeps an old plan
    SELECT v_declare || coalesce(string_agg(format(E'\n v_queue_%s %s[]; -- relation %s',
        src.source_id, vs.queue_name, to_regclass(vs.queue_name)::oid), '' ORDER BY src.source_id), '')
    INTO v_declare
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_view.view_id AND vs.mapping_kind = 'keys' AND v_is_inside;
    FOR v_number IN 1..cardinality(v_subsets) LOOP
        v_subset := v_subsets[v_number]::text[];
        SELECT
            v_declare || string_agg(format(E'\n v_keys_%1$s_%2$s %3$s[]; tidemark_keys_%1$s_%2$s %3$s[];', v_number, key.position, key.type), '' ORDER BY key.position),
            string_agg(format('v_keys_%s_%s', v_number, key.position), ', ' ORDER BY key.position),
            string_agg(format('%I', key.name), ', ' ORDER BY key.position),
            string_agg(format('array_agg(every.%I)', key.name), ', ' ORDER BY key.position),
            v_again || format(
                E'    SELECT key_count + count(*) - coalesce(cardinality(v_keys_%1$s_%2$s), 0), %3$s INTO key_count, %4$s FROM (\n'
                '        SELECT * FROM unnest(%4$s) AS key (%5$s) UNION SELECT again.* FROM refresh.held_keys AS held\n'
                '        CROSS JOIN LATERAL jsonb_to_record(held.key) AS again (%6$s)\n'
                '        WHERE held.view_id = %7$s AND held.key_columns = %8$L AND held.retry_at <= clock_timestamp()\n    ) AS every;\n',
                v_number, min(key.position), string_agg(format('array_agg(every.%I)', key.name), ', ' ORDER BY key.position),
                string_agg(format('v_keys_%s_%s', v_number, key.position), ', ' ORDER BY key.position),
                string_agg(format('%I', key.name), ', ' ORDER BY key.position),
                string_agg(format('%I %s', key.name, key.type), ', ' ORDER BY key.position), p_view.view_id, v_subset)
        INTO v_declare, v_arrays, v_columns, v_lists, v_again
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
        WHERE key.name = ANY (v_subset);
        IF v_subset = p_view.key_columns THEN
            v_every := format(
                E'    SELECT count(*), %1$s INTO key_count, %2$s FROM (\n        SELECT %3$s FROM %4$s UNION SELECT %3$s FROM %5$s\n    ) AS every;\n'
                '    tidemark_todo := ARRAY[%6$s, 1, key_count];\n',
                v_lists, v_arrays, v_columns, p_view.live_name, p_view.storage_name, v_number);
        END IF;
        IF v_is_inside AND v_subsets[v_number] = ANY (v_mapped) THEN
            v_map := v_map || refresh_internal.map_inside(p_view, v_subset, v_number);
        END IF;
    END LOOP;
    v_locks := refresh_internal.lock_body(p_view, v_mapped);
    v_due := CASE WHEN p_view.due_column IS NOT NULL THEN refresh_internal.fill_in($text$
IF p_with_due THEN
    SELECT min(stored.{due}){local} INTO tidemark_due_at FROM {storage} AS stored WHERE stored.{due} <= {today} AND stored.{due} > '-infinity';
{appearing}    tidemark_is_due := tidemark_due_at IS NOT NULL;
END IF;
$text$, jsonb_build_object(
        'appearing', CASE WHEN p_view.appears_type IS NOT NULL THEN format(
            E'    SELECT vst.clock_at INTO tidemark_clock_at FROM refresh.view_state AS vst WHERE vst.view_id = %s;\n'
            '    SELECT least(tidemark_due_at, min(appearing.%s) INTO tidemark_due_at FROM %s;\n', p_view.view_id,
            CASE p_view.appears_type WHEN 'date' THEN 'appears_on)::timestamp AT TIME ZONE refresh.time_zone()' ELSE 'appears_at)' END,
            replace(refresh_internal.appearing(p_view), '{since}', 'tidemark_clock_at')) END,
        'due', quote_ident(p_view.due_column), 'storage', p_view.storage_name,
        'local', CASE p_view.due_type WHEN 'date' THEN '::timestamp AT TIME ZONE refresh.time_zone()' END,
        'today', CASE p_view.due_type WHEN 'date' THEN 'refresh.as_of_date()' ELSE 'refresh.now()' END)) END;
    RETURN refresh_internal.fill_in($text${declare}
BEGIN
{look}{lock_take}{take_first}{due}{take}{map}{again_if}
-- from here on a run may see more than it has taken
-- what changes here is as old, for views built on this one, as what it follows
SELECT since.oldest, set_config('tidemark.since', coalesce(since.oldest::text, ''), TRUE), run.is_whole, run.is_whole,
    CASE WHEN NOT p_whole THEN coalesce(reason, tidemark_mark, nullif(concat_ws(' and ',
        CASE WHEN change_count > 0 THEN 'changes' END, CASE WHEN tidemark_is_due THEN 'due' END,
        CASE WHEN tidemark_again THEN 'keys held back' END), ''))
        || CASE WHEN run.is_whole AND NOT tidemark_whole THEN ', more keys than the crossover' ELSE '' END END,
    CASE WHEN key_count > 0 AND NOT run.is_whole THEN '{0,0,0}'::integer[] ELSE '{}'::integer[] END,
    CASE WHEN key_count > 200 AND NOT run.is_whole THEN set_config('plan_cache_mode', 'force_custom_plan', TRUE) END
INTO oldest_at, tidemark_message, tidemark_whole, is_whole, reason, tidemark_todo, tidemark_code
FROM (SELECT {oldest} AS oldest) AS since
CROSS JOIN (SELECT tidemark_whole OR coalesce(key_count > p_key_limit, FALSE) AS is_whole) AS run;
IF tidemark_whole THEN
{lock_whole}BEGIN
{whole}DELETE FROM refresh.held_keys AS held WHERE held.view_id = {id} AND tidemark_has_held;
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS tidemark_code = RETURNED_SQLSTATE, tidemark_message = MESSAGE_TEXT;
        IF v_twice IS NOT NULL OR NOT refresh_internal.is_of_a_key(tidemark_code) THEN
            RAISE;
        END IF;
        inserted_count := 0; updated_count := 0; deleted_count := 0;
    -- some rows cannot be computed: all others can, one by one; their keys come from a look that computes nothing else
{every}    IF key_count > 100000 THEN
            RAISE;
        END IF;
        DELETE FROM refresh.held_keys AS held WHERE held.view_id = {id} AND held.key_columns <> {key};
END;
{lock_merge}END IF;
{merge}PERFORM {note}set_config('tidemark.source', coalesce(tidemark_source, ''), TRUE), set_config('tidemark.since', coalesce(tidemark_since, ''), TRUE);
END;$text$, jsonb_build_object(
        'declare', v_declare, 'id', p_view.view_id, 'due', v_due, 'key', quote_literal(p_view.key_columns),
        'look', refresh_internal.first_look(p_view),
        'take_first', CASE WHEN v_is_inside THEN refresh_internal.take_inside(p_view) END,
        'take', CASE WHEN NOT v_is_inside THEN refresh_internal.take_and_map(p_view, v_mapped) END,
        -- a writer gets no error because a mapping reads a column or table that somebody renamed
        'map', CASE WHEN v_map <> '' THEN format(
            E'IF NOT tidemark_whole THEN\nBEGIN\n%sEXCEPTION\n    WHEN syntax_error_or_access_rule_violation THEN tidemark_whole := TRUE; reason := ''a mapping does not fit'';\nEND;\nEND IF;\n', v_map) END,
        'again_if', format(E'IF tidemark_again AND NOT tidemark_whole THEN\n%sEND IF;', v_again), 'every', v_every,
        'oldest', CASE WHEN p_view.due_column IS NULL THEN 'oldest_at' ELSE
            'least(oldest_at, CASE WHEN tidemark_is_due AND isfinite(tidemark_due_at) THEN clock_timestamp() - (refresh.now() - tidemark_due_at) END)' END,
        'whole', refresh_internal.whole_body(p_view),
        'merge', refresh_internal.merge_slices(p_view, v_subsets),
        'lock_take', v_locks.before_take, 'lock_whole', v_locks.before_whole,
        'lock_merge', E'ELSIF key_count > 0 THEN\n' || v_locks.before_merge,
        'note', CASE WHEN NOT v_is_inside THEN format('refresh_internal.note_seen(%s, tidemark_now, tidemark_own, tidemark_command), ', p_view.view_id) END));
END;
$$;

COMMENT ON FUNCTION refresh_internal.refresh_body IS
'PL/pgSQL text: take the queues, find the keys, recompute them or everything, change what differs.';

REVOKE ALL ON FUNCTION refresh_internal.refresh_body FROM PUBLIC;
