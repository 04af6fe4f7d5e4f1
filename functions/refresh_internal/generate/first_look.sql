-- refresh_internal.first_look()
-- Writes the statement with which a run begins: what the view has seen, and whether there is anything to do.
-- requires: refresh_internal.is_there_news(), refresh_internal.fill_in(), refresh_internal.refuse()
-- source:   docs/refresh.md, "A run, step by step"

-- One statement: the first run of a session pays for each one that it has to read and plan, and so does a round over many views.
-- That goes for assignments too, so this one also sets what the other statements start from.
-- Of a queue of some length the place of what is new must be found by its index, which takes a plan that knows the snapshot: there
-- the look at the queues is left to a later statement.
CREATE OR REPLACE FUNCTION refresh_internal.first_look(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_inside boolean := p_view.target_lag = interval '0';
    v_size text;
BEGIN
    SELECT string_agg(format(
        'pg_relation_size(''refresh_data.changes_%1$s_a''::regclass) + pg_relation_size(''refresh_data.changes_%1$s_b''::regclass)', src.source_id),
        ' + ' ORDER BY src.source_id)
    INTO v_size
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_view.view_id AND vs.mapping_kind IN ('keys', 'all') AND NOT v_is_inside;
    RETURN refresh_internal.fill_in($text$-- stored views below are read as they are stored: only then do their captured changes tell all that changed here
SELECT current_setting('tidemark.source', TRUE), current_setting('tidemark.since', TRUE), set_config('tidemark.source', 'stored', TRUE),
    p_whole, p_key_limit, FALSE, 0, 0, 0, 0, 0, 0, '{}'::integer[], pg_current_xact_id_if_assigned(),
    coalesce(vst.seen, '3:3:'), coalesce(vst.seen_xid, '0'), coalesce(vst.seen_command, -1),
    EXISTS (SELECT FROM refresh.held_keys AS held WHERE held.view_id = {id}),
    p_with_due AND EXISTS (SELECT FROM refresh.held_keys AS held WHERE held.view_id = {id} AND held.retry_at <= clock_timestamp()),
    {marks}, length.is_long, CASE WHEN NOT length.is_long THEN {news} END
INTO tidemark_source, tidemark_since, tidemark_message,
    tidemark_whole, tidemark_key_limit, tidemark_is_due, change_count, key_count, inserted_count, updated_count, deleted_count,
    tidemark_held_count, tidemark_todo, tidemark_own, tidemark_seen, tidemark_seen_xid, tidemark_seen_command,
    tidemark_has_held, tidemark_again, tidemark_has_marks, tidemark_is_long, tidemark_is_new
FROM refresh.view_state AS vst
CROSS JOIN (SELECT {size} AS is_long) AS length
WHERE vst.view_id = {id};
IF NOT FOUND THEN
    PERFORM refresh_internal.refuse('serialization_failure', 'could not serialize access due to a declaration',
        {name} || ' was declared after the snapshot of this transaction.', 'Run the transaction again.');
END IF;
$text$, jsonb_build_object(
        'id', p_view.view_id, 'name', quote_literal(p_view.view_name),
        'size', coalesce(v_size || ' > 4000000', 'FALSE'),
        'marks', CASE WHEN v_is_inside THEN 'FALSE' ELSE format('EXISTS (SELECT FROM refresh_data.marks_of_%s)', p_view.view_id) END,
        'news', CASE WHEN v_is_inside THEN 'TRUE' ELSE '(' || refresh_internal.is_there_news(
            p_view, 'coalesce(vst.seen, ''3:3:'')', 'coalesce(vst.seen_xid, ''0'')', 'coalesce(vst.seen_command, -1)') || ')' END));
END;
$$;

COMMENT ON FUNCTION refresh_internal.first_look IS
'PL/pgSQL text. A view that is kept inside the transaction of the writer looks for its changes by itself.';

REVOKE ALL ON FUNCTION refresh_internal.first_look FROM PUBLIC;
