-- clinical.make_texts()
-- Finds the text elements that new items name, and makes those that are not there.
-- requires: clinical.norm()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.make_texts(p_labels jsonb, OUT new_ids jsonb, OUT ids jsonb)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
BEGIN
    WITH first AS (
        SELECT DISTINCT ON (own.type, clinical.norm(own.label))
            own.type,
            own.label
        FROM jsonb_to_recordset(p_labels) AS own (place integer, type text, label text)
        ORDER BY own.type, clinical.norm(own.label), own.place
    ),

    made AS (
        INSERT INTO clinical.text_elements AS txt (type, label)
        SELECT
            fir.type,
            fir.label
        FROM first AS fir
        WHERE NOT EXISTS (
            SELECT FROM clinical.text_elements AS txt
            WHERE txt.type = fir.type AND clinical.norm(txt.label) = clinical.norm(fir.label)
        )
        -- in one order, so that two calls with the same new texts do not wait for each other
        ORDER BY fir.type, clinical.norm(fir.label)
        ON CONFLICT DO NOTHING
        RETURNING txt.id
    )

    SELECT coalesce(jsonb_agg(mad.id ORDER BY mad.id), '[]') INTO new_ids FROM made AS mad;
    SELECT coalesce(jsonb_object_agg(found.type || ' ' || found.norm, found.id), '{}') INTO ids
    FROM (
        SELECT
            txt.id,
            txt.type,
            clinical.norm(txt.label) AS norm
        FROM (
            SELECT DISTINCT
                own.type,
                clinical.norm(own.label) AS norm
            FROM jsonb_to_recordset(p_labels) AS own (type text, label text)
        ) AS wanted
        INNER JOIN clinical.text_elements AS txt ON wanted.type = txt.type AND wanted.norm = clinical.norm(txt.label)
        ORDER BY txt.id
        FOR KEY SHARE OF txt
    ) AS found;
END;
$$;

COMMENT ON FUNCTION clinical.make_texts IS
'p_labels: a list of place, type and label; of labels that are the same the one with the lowest place is stored. ids: by type, a space and the form of the label in which labels are compared.';

REVOKE ALL ON FUNCTION clinical.make_texts FROM PUBLIC;
