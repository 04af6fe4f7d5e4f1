-- clinical.copy_items()
-- Copies items of a package or a reporting effort into a reporting effort; those whose key is taken there are skipped.
-- requires: clinical.may(), clinical.source_items(), clinical.write_items(), clinical.record_items(), clinical.entry_of()
-- requires: clinical.note_write()
-- source:   docs/clinical_writes.md, "Copying items"

CREATE OR REPLACE FUNCTION clinical.copy_items(
    p_actor_id integer, p_source text, p_source_id integer, p_target_effort_id integer,
    p_item_type text DEFAULT NULL, p_item_ids integer[] DEFAULT NULL,
    OUT status text, OUT attempted_count integer, OUT created_count integer, OUT skipped_count integer, OUT row_results jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_items jsonb;
    v_made jsonb;
BEGIN
    row_results := '[]';
    IF NOT clinical.may(p_actor_id, 'item.copy') THEN
        status := 'forbidden';
    ELSE
        PERFORM FROM clinical.reporting_efforts AS eff WHERE eff.id = p_target_effort_id FOR NO KEY UPDATE;
        status := CASE
            WHEN NOT FOUND THEN 'target_not_found'
            WHEN CASE p_source
                WHEN 'package' THEN EXISTS (SELECT FROM clinical.packages AS pkg WHERE pkg.id = p_source_id)
                WHEN 'reporting_effort' THEN EXISTS (SELECT FROM clinical.reporting_efforts AS eff WHERE eff.id = p_source_id)
            END IS NOT TRUE THEN 'source_not_found'
            WHEN p_item_type NOT IN ('TLF', 'Dataset') THEN 'type_invalid'
            ELSE 'ok'
        END;
    END IF;
    IF status = 'ok' THEN
        v_items := clinical.source_items(p_source, p_source_id, p_target_effort_id, p_item_type, p_item_ids);
        v_made := clinical.write_items(
            p_target_effort_id, jsonb_path_query_array(v_items, '$[*] ? (@.is_taken == false)')
        );
        SELECT
            count(mad.id),
            count(*) - count(mad.id),
            count(*),
            coalesce(jsonb_agg(jsonb_build_object(
                'source_item_id', itm.source_item_id, 'item_id', mad.id,
                'item_type', itm.item_type, 'item_subtype', itm.item_subtype, 'item_code', itm.item_code,
                'outcome', CASE WHEN itm.is_taken THEN 'skipped' ELSE 'created' END,
                'reason', CASE WHEN itm.is_taken THEN 'already_exists' END
            ) ORDER BY itm.row_no), '[]')
        INTO created_count, skipped_count, attempted_count, row_results
        FROM jsonb_to_recordset(v_items) AS itm (
            row_no integer, source_item_id integer, item_type text, item_subtype text, item_code text, is_taken boolean
        )
        LEFT JOIN jsonb_to_recordset(v_made) AS mad (row_no integer, id integer) ON itm.row_no = mad.row_no;
        row_results := row_results || (
            SELECT coalesce(jsonb_agg(
                jsonb_build_object('source_item_id', ign.id, 'outcome', 'ignored', 'reason', 'not_in_source') ORDER BY ign.id
            ), '[]')
            FROM (
                SELECT DISTINCT own.id FROM unnest(p_item_ids) AS own (id)
                WHERE NOT v_items @> jsonb_build_array(jsonb_build_object('source_item_id', own.id))
            ) AS ign
        );
    END IF;
    IF created_count > 0 THEN
        PERFORM clinical.record_items(p_actor_id, 'item.copied', v_made, jsonb_build_array(clinical.entry_of(
            'reporting_effort_items', p_target_effort_id, 'COPY_FROM_' || upper(p_source COLLATE "C"), jsonb_build_object(
                'source', p_source_id,
                'requested', p_item_ids,
                'total_attempted', attempted_count, 'created_count', created_count, 'skipped_count', skipped_count,
                'created', jsonb_path_query_array(v_made, '$[*].id'),
                'skipped', (
                    SELECT coalesce(jsonb_agg(jsonb_build_array(itm.item_type, itm.item_subtype, itm.item_code) ORDER BY itm.row_no), '[]')
                    FROM jsonb_to_recordset(v_items) AS itm (
                        row_no integer, item_type text, item_subtype text, item_code text, is_taken boolean
                    )
                    WHERE itm.is_taken
                )
            )
        )));
    END IF;
    PERFORM clinical.note_write('copy_items', p_actor_id, v_started, attempted_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.copy_items IS
'p_source: package or reporting_effort. p_item_ids: those items only; NULL: all, empty: none. status: ok, forbidden, target_not_found, source_not_found, type_invalid. row_results: source_item_id, item_id, item_type, item_subtype, item_code, outcome and reason of each item, and of ids that are not in the source.';

REVOKE ALL ON FUNCTION clinical.copy_items FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.copy_items TO tidemark_app;
