-- clinical.source_items()
-- Items of a package or a reporting effort as they would be made in another effort, and whether their keys are taken there.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Copying items"

CREATE OR REPLACE FUNCTION clinical.source_items(
    p_source text, p_source_id integer, p_target_effort_id integer, p_item_type text, p_item_ids integer[]
)
RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH source AS (
        SELECT
            itm.id,
            itm.item_type,
            itm.item_subtype,
            itm.item_code,
            TRUE AS is_active,
            coalesce(to_jsonb(tlf), to_jsonb(dat)) AS details,
            (
                SELECT jsonb_agg(jsonb_build_object('footnote_id', lnk.footnote_id, 'sequence_number', lnk.sequence_number))
                FROM clinical.package_item_footnotes AS lnk WHERE lnk.package_item_id = itm.id
            ) AS footnotes,
            (
                SELECT jsonb_agg(lnk.acronym_id) FROM clinical.package_item_acronyms AS lnk WHERE lnk.package_item_id = itm.id
            ) AS acronyms
        FROM clinical.package_items AS itm
        LEFT JOIN clinical.package_tlf_details AS tlf ON itm.id = tlf.package_item_id
        LEFT JOIN clinical.package_dataset_details AS dat ON itm.id = dat.package_item_id
        WHERE p_source = 'package' AND itm.package_id = p_source_id
        UNION ALL
        SELECT
            itm.id,
            itm.item_type,
            itm.item_subtype,
            itm.item_code,
            itm.is_active,
            coalesce(to_jsonb(tlf), to_jsonb(dat)),
            (
                SELECT jsonb_agg(jsonb_build_object('footnote_id', lnk.footnote_id, 'sequence_number', lnk.sequence_number))
                FROM clinical.reporting_effort_item_footnotes AS lnk WHERE lnk.reporting_effort_item_id = itm.id
            ),
            (
                SELECT jsonb_agg(lnk.acronym_id)
                FROM clinical.reporting_effort_item_acronyms AS lnk WHERE lnk.reporting_effort_item_id = itm.id
            )
        FROM clinical.reporting_effort_items AS itm
        LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON itm.id = tlf.reporting_effort_item_id
        LEFT JOIN clinical.reporting_effort_dataset_details AS dat ON itm.id = dat.reporting_effort_item_id
        WHERE p_source = 'reporting_effort' AND itm.reporting_effort_id = p_source_id
    )

    SELECT coalesce(
        jsonb_agg(
            jsonb_build_object(
                'row_no', own.row_no,
                'item_type', own.item_type, 'item_subtype', own.item_subtype, 'item_code', own.item_code,
                'source_type', p_source, 'source_id', p_source_id, 'source_item_id', own.id,
                'is_active', own.is_active, 'details', own.details,
                'footnotes', coalesce(own.footnotes, '[]'), 'acronyms', coalesce(own.acronyms, '[]'),
                'is_taken', own.is_taken
            )
            ORDER BY own.row_no
        ),
        '[]'
    )
    FROM (
        SELECT
            src.*,
            row_number() OVER (ORDER BY src.id) AS row_no,
            EXISTS (
                SELECT FROM clinical.reporting_effort_items AS itm
                WHERE (itm.reporting_effort_id, itm.item_type, itm.item_subtype, itm.item_code)
                    = (p_target_effort_id, src.item_type, src.item_subtype, src.item_code)
            ) AS is_taken
        FROM source AS src
        WHERE (p_item_type IS NULL OR src.item_type = p_item_type) AND (p_item_ids IS NULL OR src.id = ANY(p_item_ids))
    ) AS own;
END;

COMMENT ON FUNCTION clinical.source_items IS
'A list as clinical.write_items() takes it, in the order of the ids.';

REVOKE ALL ON FUNCTION clinical.source_items FROM PUBLIC;
