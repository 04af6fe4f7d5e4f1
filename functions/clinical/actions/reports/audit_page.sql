-- clinical.audit_page()
-- One page of the log of changes, newest first, and where it goes on.
-- requires: clinical.require_permission(), clinical.refuse_argument(), clinical.cursor_place(), clinical.cursor_of(), clinical.note_read()
-- requires: clinical.audit_log, audit.read()
-- source:   docs/clinical.md, "The log of changes"

CREATE OR REPLACE FUNCTION clinical.audit_page(
    p_actor_id integer,
    p_table_name text DEFAULT NULL,
    p_record_id integer DEFAULT NULL,
    p_user_id integer DEFAULT NULL,
    p_action text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_limit integer DEFAULT 100,
    p_cursor text DEFAULT NULL,
    OUT rows jsonb,
    OUT next_cursor text,
    OUT has_next boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_print text;
    v_after jsonb;
    v_last_at timestamptz;
    v_last_no bigint;
BEGIN
    PERFORM clinical.require_permission(p_actor_id, 'audit.read');
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        PERFORM clinical.refuse_argument(
            'bad_limit', format('a page cannot have %s rows', coalesce(p_limit::text, 'NULL')), 'Give 1 to 1000.'
        );
    END IF;
    v_print := left(encode(sha256(convert_to(
        jsonb_build_array('audit', p_table_name, p_record_id, p_user_id, p_action, p_from, p_to)::text, 'UTF8'
    )), 'hex'), 16);
    IF p_cursor IS NOT NULL THEN
        v_after := clinical.cursor_place(p_cursor, 'created_at');
        IF v_after IS NULL OR v_after ->> 'print' <> v_print THEN
            PERFORM clinical.refuse_argument(
                'bad_cursor', 'the cursor does not belong to this list', 'Give the next_cursor of a page with the same filters, or none for the first page.'
            );
        END IF;
    END IF;
    SELECT
        coalesce(jsonb_agg(to_jsonb(page) ORDER BY page.created_at DESC, page.id DESC), '[]'),
        (array_agg(page.created_at ORDER BY page.created_at, page.id))[1],
        (array_agg(page.id ORDER BY page.created_at, page.id))[1]
    INTO rows, v_last_at, v_last_no
    FROM (
        SELECT
            log.id,
            log.created_at,
            log.table_name,
            log.record_id,
            log.action,
            log.user_id,
            usr.username,
            log.user_role,
            log.batch_id,
            log.changes,
            log.ip_address,
            log.user_agent
        FROM audit.read(
            'clinical', p_table_name, p_record_id::text, p_user_id::text, p_action, p_from, p_to,
            (v_after ->> 'key')::timestamptz, (v_after ->> 'id')::bigint, p_limit
        ) AS ent
        INNER JOIN clinical.audit_log AS log ON ent.recorded_at = log.created_at AND ent.entry_no = log.id
        LEFT JOIN clinical.users AS usr ON log.user_id = usr.id
    ) AS page;
    has_next := jsonb_array_length(rows) = p_limit AND EXISTS (
        SELECT FROM audit.read(
            'clinical', p_table_name, p_record_id::text, p_user_id::text, p_action, p_from, p_to, v_last_at, v_last_no, 1
        )
    );
    IF has_next THEN
        next_cursor := clinical.cursor_of(v_last_at::text, v_last_no, v_print);
    END IF;
    PERFORM clinical.note_read('audit_page', p_actor_id, v_started, jsonb_array_length(rows));
END;
$$;

COMMENT ON FUNCTION clinical.audit_page IS
'rows: array of objects, the columns of clinical.audit_log and the username; the newest first. What is NULL does not narrow; p_from and p_to are inclusive. next_cursor: NULL on the last page. Raises 42501 without audit.read; 22023 with the detail bad_limit or bad_cursor.';

REVOKE ALL ON FUNCTION clinical.audit_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.audit_page TO tidemark_app;
