-- clinical.write_package_items()
-- Makes items of a package with their details and texts.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.write_package_items(p_package_id integer, p_items jsonb)
RETURNS jsonb LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp, records_itself
BEGIN ATOMIC
    WITH given AS (
        SELECT itm.*
        FROM jsonb_to_recordset(p_items) AS itm (
            row_no integer, item_type text, item_subtype text, item_code text, details jsonb, footnotes jsonb, acronyms jsonb
        )
    ),

    made AS (
        INSERT INTO clinical.package_items AS itm (package_id, item_type, item_subtype, item_code)
        SELECT p_package_id, giv.item_type, giv.item_subtype, giv.item_code
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
        INSERT INTO clinical.package_tlf_details (package_item_id, title_id, population_flag_id, ich_category_id)
        SELECT
            key.id,
            (key.details ->> 'title_id')::integer,
            (key.details ->> 'population_flag_id')::integer,
            (key.details ->> 'ich_category_id')::integer
        FROM keyed AS key
        WHERE key.item_type = 'TLF' AND key.details IS NOT NULL
    ),

    detailed_dataset AS (
        INSERT INTO clinical.package_dataset_details (package_item_id, label, sorting_order, acronyms)
        SELECT key.id, key.details ->> 'label', (key.details ->> 'sorting_order')::integer, key.details ->> 'acronyms'
        FROM keyed AS key
        WHERE key.item_type = 'Dataset' AND key.details IS NOT NULL
    ),

    noted AS (
        INSERT INTO clinical.package_item_footnotes (package_item_id, footnote_id, sequence_number)
        SELECT key.id, fnt.footnote_id, fnt.sequence_number
        FROM keyed AS key
        CROSS JOIN LATERAL jsonb_to_recordset(key.footnotes) AS fnt (footnote_id integer, sequence_number integer)
    ),

    linked AS (
        INSERT INTO clinical.package_item_acronyms (package_item_id, acronym_id)
        SELECT key.id, acr.id::integer
        FROM keyed AS key
        CROSS JOIN LATERAL jsonb_array_elements_text(key.acronyms) AS acr (id)
    )

    SELECT coalesce(jsonb_agg(jsonb_build_object('row_no', key.row_no, 'id', key.id, 'created', key.made) ORDER BY key.row_no), '[]')
    FROM keyed AS key;
END;

COMMENT ON FUNCTION clinical.write_package_items IS
'p_items: a list of objects checked before: row_no, item_type, item_subtype, item_code, details (null: no row of details), footnotes (a list of footnote_id and sequence_number) and acronyms (a list of ids). Gives row_no, id, and created, the row of the item.';

REVOKE ALL ON FUNCTION clinical.write_package_items FROM PUBLIC;
