-- clinical.write_tracker_batch()
-- Writes judged rows of trackers if all of them are right, and says what became of each.
-- requires: clinical.write_trackers(), clinical.record_call(), clinical.entry_of(), clinical.effort_rooms()
-- source:   docs/clinical_writes.md, "Many trackers at once"

CREATE OR REPLACE FUNCTION clinical.write_tracker_batch(
    p_actor_id integer, p_action text, p_event_type text, p_record_id integer, p_judged jsonb, p_is_skipped boolean DEFAULT FALSE
)
RETURNS TABLE (
    status text, code text, row_count integer, updated_count integer, unchanged_count integer, error_count integer, changed_count integer,
    row_results jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_changed jsonb := '[]'::jsonb;
    v_all_right boolean := NOT jsonb_path_exists(p_judged, '$[*] ? (@.error_code != null)');
BEGIN
    IF v_all_right AND NOT p_is_skipped THEN
        v_changed := clinical.write_trackers(p_judged);
    END IF;
    RETURN QUERY
    SELECT
        CASE WHEN v_all_right THEN 'applied' ELSE 'rejected' END,
        CASE WHEN NOT v_all_right THEN 'row_errors' END,
        count(*)::integer,
        (count(*) FILTER (WHERE own.outcome = 'updated'))::integer,
        (count(*) FILTER (WHERE own.outcome = 'unchanged'))::integer,
        (count(*) FILTER (WHERE own.outcome = 'error'))::integer,
        jsonb_array_length(v_changed),
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'row_no', jud.row_no, 'tracker_id', jud.tracker_id, 'outcome', own.outcome,
                    'error_code', jud.error_code, 'error_field', jud.error_field
                )
                ORDER BY jud.row_no
            ),
            '[]'
        )
    FROM jsonb_to_recordset(p_judged)
        AS jud (row_no integer, tracker_id numeric, error_code text, error_field text, is_unchanged boolean)
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN jud.error_code IS NOT NULL THEN 'error'
            WHEN NOT v_all_right THEN 'not_applied'
            WHEN p_is_skipped THEN 'skipped'
            WHEN jud.is_unchanged THEN 'unchanged'
            ELSE 'updated'
        END AS outcome
    ) AS own;
    IF v_changed = '[]' THEN
        RETURN;
    END IF;
    PERFORM clinical.record_call(
        p_actor_id,
        p_event_type,
        clinical.effort_rooms(v_changed),
        (
            SELECT
                jsonb_build_array(clinical.entry_of('reporting_effort_item_tracker', p_record_id, p_action, jsonb_build_object(
                    'rows', jsonb_array_length(p_judged),
                    'updated', (SELECT count(*) FROM jsonb_path_query(p_judged, '$[*] ? (@.is_unchanged == false)')),
                    'unchanged', (SELECT count(*) FROM jsonb_path_query(p_judged, '$[*] ? (@.is_unchanged == true)'))
                )))
                || jsonb_agg(clinical.entry_of('reporting_effort_item_tracker', chg.id, 'UPDATE', jsonb_build_object(
                    'before', chg.was, 'after', chg.delta
                )) ORDER BY chg.id)
            FROM jsonb_to_recordset(v_changed) AS chg (id integer, was jsonb, delta jsonb)
        )
    );
END;
$$;

COMMENT ON FUNCTION clinical.write_tracker_batch IS
'p_judged: rows as a function that judges them gives them. status: applied, or rejected with code row_errors, and then nothing is written. updated_count and unchanged_count count rows, changed_count trackers. p_is_skipped: nothing is written in any case, and right rows are skipped.';

REVOKE ALL ON FUNCTION clinical.write_tracker_batch FROM PUBLIC;
