-- clinical.cursor_place()
-- What a client's cursor says.
-- requires: nothing
-- source:   docs/clinical.md, "Lists"

CREATE OR REPLACE FUNCTION clinical.cursor_place(p_cursor text, p_sort text)
RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET timezone = 'UTC'
AS $$
DECLARE
    v_place jsonb;
BEGIN
    v_place := convert_from(
        decode(rpad(translate(p_cursor, '-_', '+/'), (length(p_cursor) + 3) / 4 * 4, '='), 'base64'), 'UTF8'
    )::jsonb;
    -- what cannot be read where the list needs it is no cursor either
    IF (CASE WHEN p_sort = 'created_at' THEN (v_place ->> 'id')::bigint ELSE (v_place ->> 'id')::integer END) IS NULL OR v_place ->> 'print' IS NULL
        OR (p_sort NOT IN ('id', 'due_date') AND v_place ->> 'key' IS NULL) THEN
        RETURN NULL;
    END IF;
    PERFORM CASE p_sort
        WHEN 'due_date' THEN (v_place ->> 'key')::date IS NULL
        WHEN 'priority' THEN (v_place ->> 'key')::smallint IS NULL
        WHEN 'updated_at' THEN (v_place ->> 'key')::timestamptz IS NULL
        WHEN 'created_at' THEN (v_place ->> 'key')::timestamptz IS NULL
        WHEN 'unresolved_comment_count' THEN (v_place ->> 'key')::integer IS NULL
    END;
    RETURN v_place;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION clinical.cursor_place IS
'Object with key, id and print; NULL for a text that is no cursor for this sort.';

REVOKE ALL ON FUNCTION clinical.cursor_place FROM PUBLIC;
