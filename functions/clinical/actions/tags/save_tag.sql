-- clinical.save_tag()
-- Makes a tag, or changes one.
-- requires: clinical.may(), clinical.first_unknown_key(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Tags"

CREATE OR REPLACE FUNCTION clinical.save_tag(
    p_actor_id integer, p_values jsonb, p_tag_id integer DEFAULT NULL, OUT status text, OUT saved_id integer, OUT error_field text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.tracker_tags;
    v_new clinical.tracker_tags;
    v_after clinical.tracker_tags;
    v_wrong text;
BEGIN
    IF NOT clinical.may(p_actor_id, 'tag.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT tag.* INTO v_before FROM clinical.tracker_tags AS tag WHERE tag.id = p_tag_id FOR NO KEY UPDATE;
        error_field := clinical.first_unknown_key(p_values, '{name,color,description}');
        v_wrong := (
            SELECT cell.key FROM jsonb_each(CASE WHEN jsonb_typeof(p_values) = 'object' THEN p_values ELSE '{}' END) AS cell
            WHERE CASE
                WHEN cell.value = 'null' THEN cell.key <> 'description'
                WHEN jsonb_typeof(cell.value) <> 'string' THEN TRUE
                WHEN cell.key = 'name' THEN length(cell.value #>> '{}') NOT BETWEEN 1 AND 100
                WHEN cell.key = 'color' THEN (cell.value #>> '{}') !~ '^#[0-9A-Fa-f]{6}$'
            END
            ORDER BY array_position('{name,color,description}', cell.key)
            LIMIT 1
        );
        status := CASE
            WHEN v_before.id IS DISTINCT FROM p_tag_id THEN 'tag_not_found'
            WHEN jsonb_typeof(p_values) IS DISTINCT FROM 'object' THEN 'value_invalid'
            WHEN error_field IS NOT NULL THEN 'field_unknown'
            WHEN p_tag_id IS NULL AND p_values -> 'name' IS NULL THEN 'field_missing'
            WHEN v_wrong IS NOT NULL THEN 'value_invalid'
        END;
        error_field := CASE status
            WHEN 'field_unknown' THEN error_field WHEN 'field_missing' THEN 'name' WHEN 'value_invalid' THEN v_wrong
        END;
        IF status IS NULL THEN
            v_new := jsonb_populate_record(
                v_before, CASE WHEN p_tag_id IS NULL THEN '{"color": "#3B82F6"}'::jsonb || p_values ELSE p_values END
            );
            status := CASE
                WHEN EXISTS (
                    SELECT FROM clinical.tracker_tags AS tag WHERE tag.name = v_new.name AND tag.id IS DISTINCT FROM p_tag_id
                ) THEN 'name_exists'
                ELSE 'ok'
            END;
        END IF;
        BEGIN
            IF status = 'ok' AND p_tag_id IS NULL THEN
                INSERT INTO clinical.tracker_tags AS tag (name, color, description) VALUES (v_new.name, v_new.color, v_new.description)
                RETURNING tag.* INTO v_after;
            ELSIF status = 'ok' THEN
                UPDATE clinical.tracker_tags AS tag SET name = v_new.name, color = v_new.color, description = v_new.description
                WHERE tag.id = p_tag_id
                RETURNING tag.* INTO v_after;
            END IF;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'name_exists';
        END;
        IF status = 'ok' THEN
            saved_id := v_after.id;
            PERFORM clinical.record_saved(
                p_actor_id, 'tag', CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_after)
            );
        END IF;
    END IF;
    PERFORM clinical.note_write('save_tag', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.save_tag IS
'p_values: a JSON object with name, color and description, those to set. Without p_tag_id a new tag. status: ok, forbidden, tag_not_found, value_invalid, field_unknown, field_missing, name_exists.';

REVOKE ALL ON FUNCTION clinical.save_tag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.save_tag TO tidemark_app;
