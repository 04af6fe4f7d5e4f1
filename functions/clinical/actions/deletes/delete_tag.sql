-- clinical.delete_tag()
-- Deletes a tag, and takes it from all trackers.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_tag(
    p_actor_id integer, p_tag_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.tracker_tags;
    v_cascade jsonb;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'tag.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT tag.* INTO v_row FROM clinical.tracker_tags AS tag WHERE tag.id = p_tag_id FOR UPDATE;
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' ELSE 'ok' END;
    END IF;
    IF status = 'ok' THEN
        v_cascade := (
            SELECT coalesce(jsonb_object_agg(own.name, own.n), '{}')
            FROM (
                SELECT 'tracker_item_tags' AS name, count(*) AS n FROM clinical.tracker_item_tags AS lnk WHERE lnk.tag_id = p_tag_id
            ) AS own
            WHERE own.n > 0
        );
        DELETE FROM clinical.tracker_tags AS tag WHERE tag.id = p_tag_id;
        rows_deleted := v_cascade || '{"tracker_tags": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'tag', to_jsonb(v_row), NULL, jsonb_build_object('cascade', v_cascade));
    END IF;
    PERFORM clinical.note_write('delete_tag', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_tag IS
'status: ok, forbidden, not_found. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_tag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_tag TO tidemark_app;
