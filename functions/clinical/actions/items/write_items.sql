-- clinical.write_items()
-- Makes items of a reporting effort with their details, texts and trackers.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.write_items(p_reporting_effort_id integer, p_items jsonb)
RETURNS jsonb LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp, records_itself
BEGIN ATOMIC
    WITH given AS (
        SELECT itm.*
        FROM jsonb_to_recordset(p_items) AS itm (
            row_no integer, item_type text, item_subtype text, item_code text, source_type text, source_id integer, source_item_id integer, is_active boolean,
            details jsonb, footnotes jsonb, acronyms jsonb
        )
    ),

    made AS (
        INSERT INTO clinical.reporting_effort_items AS itm (
            reporting_effort_id, item_type, item_subtype, item_code, source_type, source_id, source_item_id, is_active
        )
        SELECT p_reporting_effort_id, giv.item_type, giv.item_subtype, giv.item_code, giv.source_type, giv.source_id, giv.source_item_id, giv.is_active
        FROM given AS giv
        ORDER BY giv.row_no
        RETURNING itm.*
    ),

    keyed AS (
        SELECT
            mad.id,
            to_jsonb(mad) AS made,
            giv.row_no,
            giv.item_type,
            giv.details,
            giv.footnotes,
            giv.acronyms
        FROM made AS mad
        INNER JOIN given AS giv
            ON (mad.item_type, mad.item_subtype, mad.item_code) = (giv.item_type, giv.item_subtype, giv.item_code)
    ),

    detailed_tlf AS (
        INSERT INTO clinical.reporting_effort_tlf_details (reporting_effort_item_id, title_id, population_flag_id, ich_category_id)
        SELECT
            key.id,
            (key.details ->> 'title_id')::integer,
            (key.details ->> 'population_flag_id')::integer,
            (key.details ->> 'ich_category_id')::integer
        FROM keyed AS key
        WHERE key.item_type = 'TLF' AND key.details IS NOT NULL
    ),

    detailed_dataset AS (
        INSERT INTO clinical.reporting_effort_dataset_details (reporting_effort_item_id, label, sorting_order, acronyms)
        SELECT key.id, key.details ->> 'label', (key.details ->> 'sorting_order')::integer, key.details ->> 'acronyms'
        FROM keyed AS key
        WHERE key.item_type = 'Dataset' AND key.details IS NOT NULL
    ),

    noted AS (
        INSERT INTO clinical.reporting_effort_item_footnotes (reporting_effort_item_id, footnote_id, sequence_number)
        SELECT key.id, fnt.footnote_id, fnt.sequence_number
        FROM keyed AS key
        CROSS JOIN LATERAL jsonb_to_recordset(key.footnotes) AS fnt (footnote_id integer, sequence_number integer)
    ),

    linked AS (
        INSERT INTO clinical.reporting_effort_item_acronyms (reporting_effort_item_id, acronym_id)
        SELECT key.id, acr.id::integer
        FROM keyed AS key
        CROSS JOIN LATERAL jsonb_array_elements_text(key.acronyms) AS acr (id)
    ),

    tracked AS (
        INSERT INTO clinical.reporting_effort_item_tracker AS trk (reporting_effort_item_id, reporting_effort_id)
        SELECT key.id, p_reporting_effort_id FROM keyed AS key ORDER BY key.row_no
        RETURNING trk.id, trk.reporting_effort_item_id
    )

    SELECT coalesce(
        jsonb_agg(jsonb_build_object('row_no', key.row_no, 'id', key.id, 'created', key.made, 'tracker_id', trk.id) ORDER BY key.row_no),
        '[]'
    )
    FROM keyed AS key
    INNER JOIN tracked AS trk ON key.id = trk.reporting_effort_item_id;
END;

COMMENT ON FUNCTION clinical.write_items IS
'p_items: a list of objects checked before: row_no, item_type, item_subtype, item_code, source_type, source_id, source_item_id, is_active, details (null: no row of details), footnotes (a list of footnote_id and sequence_number) and acronyms (a list of ids). Gives row_no, id, tracker_id and created, the row of the item.';

REVOKE ALL ON FUNCTION clinical.write_items FROM PUBLIC;
