-- Identities and statistics: rows added from now on get numbers after the generated ones

DO $$
DECLARE
    v_column record;
BEGIN
    FOR v_column IN
        SELECT
            att.attrelid::regclass AS table_name,
            att.attname AS column_name,
            pg_get_serial_sequence(att.attrelid::regclass::text, att.attname) AS sequence_name
        FROM pg_attribute AS att
        INNER JOIN pg_class AS cls ON cls.oid = att.attrelid
        WHERE cls.relnamespace = 'clinical'::regnamespace AND att.attidentity <> ''
    LOOP
        EXECUTE format(
            'SELECT setval(%L, coalesce(max(%2$I), 1), count(*) > 0) FROM %3$s',
            v_column.sequence_name, v_column.column_name, v_column.table_name
        );
    END LOOP;
END $$;

ANALYZE clinical.reporting_effort_items, clinical.reporting_effort_item_tracker, clinical.tracker_comments, clinical.tracker_item_tags,
clinical.reporting_effort_tlf_details, clinical.text_elements, clinical.users, clinical.reporting_efforts;
