-- clinical.write_trackers()
-- Gives columns of trackers new values, and says what that changed.
-- requires: clinical.delta_of()
-- source:   docs/clinical_writes.md, "Many trackers at once"

CREATE OR REPLACE FUNCTION clinical.write_trackers(p_rows jsonb)
RETURNS jsonb LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp, records_itself
BEGIN ATOMIC
    WITH given AS (
        SELECT
            row.tracker_id,
            jsonb_object_agg(cell.key, cell.value) AS changes
        FROM jsonb_to_recordset(p_rows) AS row (tracker_id integer, changes jsonb)
        CROSS JOIN LATERAL jsonb_each(row.changes) AS cell
        GROUP BY row.tracker_id
    ),

    before AS MATERIALIZED (
        SELECT
            trk.id,
            trk.reporting_effort_id,
            itm.is_active,
            to_jsonb(trk) AS was,
            to_jsonb(trk) || giv.changes AS becomes
        FROM given AS giv
        INNER JOIN clinical.reporting_effort_item_tracker AS trk ON giv.tracker_id = trk.id
        INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
        WHERE NOT to_jsonb(trk) @> giv.changes
    ),

    written AS (
        UPDATE clinical.reporting_effort_item_tracker AS trk
        SET
            production_programmer_id = new.production_programmer_id,
            qc_programmer_id = new.qc_programmer_id,
            production_status = new.production_status,
            qc_status = new.qc_status,
            due_date = new.due_date,
            qc_completion_date = new.qc_completion_date,
            priority = new.priority,
            qc_level = new.qc_level,
            in_production_flag = new.in_production_flag
        FROM before AS bef
        CROSS JOIN LATERAL jsonb_populate_record(NULL::clinical.reporting_effort_item_tracker, bef.becomes) AS new
        WHERE trk.id = bef.id
        RETURNING trk.id
    )

    SELECT coalesce(
        jsonb_agg(
            jsonb_build_object(
                'id', bef.id,
                'reporting_effort_id', bef.reporting_effort_id,
                'is_active', bef.is_active,
                'was', clinical.delta_of(bef.becomes, bef.was),
                'delta', clinical.delta_of(bef.was, bef.becomes)
            )
            ORDER BY bef.id
        ),
        '[]'
    )
    FROM before AS bef
    INNER JOIN written AS wri ON bef.id = wri.id;
END;

COMMENT ON FUNCTION clinical.write_trackers IS
'p_rows: a list of objects with tracker_id and changes, checked before. Rows of one tracker are put together. Gives a list of those that changed: id, reporting_effort_id, is_active of the item, and old (was) and new values (delta) of what differs.';

REVOKE ALL ON FUNCTION clinical.write_trackers FROM PUBLIC;
