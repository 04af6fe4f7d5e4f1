-- clinical.item_problem()
-- Says what is wrong with one item that is to be made, apart from its key being taken, and keeps its texts from being deleted.
-- requires: clinical.subtype_fits(), clinical.is_blank(), clinical.details_code(), clinical.integer_of()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.item_problem(
    p_item_type text, p_item_subtype text, p_item_code text, p_details jsonb, p_footnote_ids integer[], p_acronym_ids integer[]
)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_code text := CASE
        WHEN coalesce(p_item_type NOT IN ('TLF', 'Dataset'), TRUE) THEN 'type_invalid'
        WHEN NOT clinical.subtype_fits(p_item_type, p_item_subtype) THEN 'subtype_invalid'
        WHEN clinical.is_blank(p_item_code) OR length(p_item_code) > 255 THEN 'value_invalid'
        ELSE clinical.details_code(p_item_type, p_details)
    END;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    PERFORM FROM clinical.text_elements AS txt
    WHERE txt.id = ANY(p_footnote_ids || p_acronym_ids || ARRAY[
        clinical.integer_of(p_details -> 'title_id'), clinical.integer_of(p_details -> 'population_flag_id'),
        clinical.integer_of(p_details -> 'ich_category_id')
    ])
    ORDER BY txt.id
    FOR KEY SHARE;
    SELECT CASE
        WHEN bool_or(txt.id IS NULL) THEN 'text_not_found'
        WHEN bool_or(txt.type <> wanted.type) THEN 'text_type_mismatch'
    END
    INTO v_code
    FROM (
        SELECT
            clinical.integer_of(cell.value) AS id,
            CASE cell.key WHEN 'title_id' THEN 'title' WHEN 'population_flag_id' THEN 'population_set' ELSE 'ich_category' END AS type
        FROM jsonb_each(CASE WHEN p_item_type = 'TLF' AND p_details <> 'null' THEN p_details ELSE '{}' END) AS cell
        WHERE cell.value <> 'null'
        UNION ALL
        SELECT own.id, 'footnote' FROM unnest(p_footnote_ids) AS own (id)
        UNION ALL
        SELECT own.id, 'acronyms_set' FROM unnest(p_acronym_ids) AS own (id)
    ) AS wanted
    LEFT JOIN clinical.text_elements AS txt ON wanted.id = txt.id;
    RETURN coalesce(v_code, CASE
        WHEN (SELECT count(DISTINCT own.id) < count(*) FROM unnest(p_footnote_ids) AS own (id)) THEN 'footnote_duplicate'
        WHEN (SELECT count(DISTINCT own.id) < count(*) FROM unnest(p_acronym_ids) AS own (id)) THEN 'acronym_duplicate'
    END);
END;
$$;

COMMENT ON FUNCTION clinical.item_problem IS
'The first of type_invalid, subtype_invalid, value_invalid, details_not_allowed, text_not_found, text_type_mismatch, footnote_duplicate, acronym_duplicate; NULL: nothing.';

REVOKE ALL ON FUNCTION clinical.item_problem FROM PUBLIC;
