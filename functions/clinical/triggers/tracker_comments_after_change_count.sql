-- clinical.tg_tracker_comments_after_change_count()
-- Keeps the number of unresolved comments on trackers.
-- requires: nothing
-- source:   docs/clinical.md, "Comments"
-- Counted anew and not added to, so that a counter that was loaded beside its comments is right too.
-- Not recorded: the change of the comment is.

CREATE OR REPLACE FUNCTION clinical.tg_tracker_comments_after_change_count()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_tracker_ids integer[];
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN
            SELECT array_agg(DISTINCT came.tracker_id) INTO v_tracker_ids
            FROM new_rows AS came WHERE came.parent_comment_id IS NULL AND NOT came.is_resolved;
        WHEN 'DELETE' THEN
            SELECT array_agg(DISTINCT gone.tracker_id) INTO v_tracker_ids
            FROM old_rows AS gone WHERE gone.parent_comment_id IS NULL AND NOT gone.is_resolved;
        WHEN 'UPDATE' THEN
            -- what is unresolved before and after does not count; an id that changed only reads as one more change
            SELECT array_agg(DISTINCT cmt.tracker_id) INTO v_tracker_ids
            FROM (
                (SELECT gone.id, gone.tracker_id FROM old_rows AS gone WHERE gone.parent_comment_id IS NULL AND NOT gone.is_resolved
                EXCEPT
                SELECT came.id, came.tracker_id FROM new_rows AS came WHERE came.parent_comment_id IS NULL AND NOT came.is_resolved)
                UNION ALL
                (SELECT came.id, came.tracker_id FROM new_rows AS came WHERE came.parent_comment_id IS NULL AND NOT came.is_resolved
                EXCEPT
                SELECT gone.id, gone.tracker_id FROM old_rows AS gone WHERE gone.parent_comment_id IS NULL AND NOT gone.is_resolved)
            ) AS cmt;
        WHEN 'TRUNCATE' THEN
            SELECT array_agg(trk.id) INTO v_tracker_ids
            FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.unresolved_comment_count > 0;
    END CASE;
    IF v_tracker_ids IS NULL THEN
        RETURN NULL;
    END IF;
    -- all in one order, before counting: who waits here counts what the other has committed
    PERFORM FROM clinical.reporting_effort_item_tracker AS trk
    WHERE trk.id = ANY(v_tracker_ids) ORDER BY trk.id FOR NO KEY UPDATE;
    UPDATE clinical.reporting_effort_item_tracker AS trk
    SET unresolved_comment_count = counted.n
    FROM (
        SELECT
            own.id,
            count(cmt.id)::integer AS n
        FROM unnest(v_tracker_ids) AS own (id)
        LEFT JOIN clinical.tracker_comments AS cmt
            ON own.id = cmt.tracker_id AND cmt.parent_comment_id IS NULL AND NOT cmt.is_resolved
        GROUP BY own.id
    ) AS counted
    WHERE trk.id = counted.id AND trk.unresolved_comment_count <> counted.n;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION clinical.tg_tracker_comments_after_change_count IS
'Once per statement, whatever the statement is. Locks the trackers whose count may have changed in the order of their ids.';

REVOKE ALL ON FUNCTION clinical.tg_tracker_comments_after_change_count FROM PUBLIC;

CREATE OR REPLACE TRIGGER tracker_comments_after_insert_count
AFTER INSERT ON clinical.tracker_comments
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clinical.tg_tracker_comments_after_change_count();

CREATE OR REPLACE TRIGGER tracker_comments_after_update_count
AFTER UPDATE ON clinical.tracker_comments
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clinical.tg_tracker_comments_after_change_count();

CREATE OR REPLACE TRIGGER tracker_comments_after_delete_count
AFTER DELETE ON clinical.tracker_comments
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION clinical.tg_tracker_comments_after_change_count();

CREATE OR REPLACE TRIGGER tracker_comments_after_truncate_count
AFTER TRUNCATE ON clinical.tracker_comments
FOR EACH STATEMENT EXECUTE FUNCTION clinical.tg_tracker_comments_after_change_count();
